package io.vitessbeam.vstream;

import io.vitessbeam.block.Block;
import io.vitessbeam.vstream.position.StreamPosition;
import java.util.List;
import java.util.Objects;

/**
 * What a shard's stream without an end gives out at once: whole transactions, or a part of one that
 * is too large, and where the stream stands behind them.
 *
 * @param plan of the streams: those of two plans don't go together
 * @param blocks may be none, when only the position moved
 * @param after the position behind them
 * @param commitMillis when the last of them was committed, in milliseconds since 1970; 0 if unknown
 * @param timeMillis what was committed before that time is given out; 0 if unknown
 * @param outdated why the run has to be planned anew; empty as long as it need not be
 */
public record StreamedChanges(
    long plan,
    String shard,
    List<Block> blocks,
    StreamPosition after,
    long commitMillis,
    long timeMillis,
    String outdated) {

  public StreamedChanges {
    Objects.requireNonNull(shard, "shard");
    blocks = List.copyOf(blocks);
    Objects.requireNonNull(after, "after");
    Objects.requireNonNull(outdated, "outdated");
  }

  /**
   * How many blocks the stream gave out before these. It tells whether anything is missing, in
   * whatever order a runner delivers.
   */
  public long firstBlock() {
    return after.blocks() - blocks.size();
  }

  /** Whether they are to be applied at once: the stream ends, or loses a table. */
  public boolean isUrgent() {
    return after.done() || !after.broken().isEmpty() || !outdated.isEmpty();
  }

  public long rows() {
    long rows = 0;
    for (Block block : blocks) {
      rows += block.rows();
    }
    return rows;
  }

  /** In memory, with the marks of the rows. */
  public long bytes() {
    long bytes = 0;
    for (Block block : blocks) {
      bytes += block.size();
    }
    return bytes;
  }
}
