package io.vitessbeam.vstream.position;

import io.vitessbeam.block.Block;
import io.vitessbeam.block.RowMarks;
import java.util.Locale;

/**
 * The order of a change among those of its row, as text that sorts byte by byte: the read, or the
 * reshard in it, then the rank of the transaction, then the number of the row in it.
 */
public final class ChangeOrder {

  private ChangeOrder() {}

  /**
   * Ranks can be compared within a read and a set of shards only: the servers of a later one may
   * have been restored, or have other shards, and begin with lower ranks. So the plan comes first,
   * which is a time.
   *
   * @param row its number in the block
   */
  public static String of(Block block, int row) {
    RowMarks marks = block.marks();
    return String.format(
        Locale.ROOT,
        "%013d.%020d.%010d",
        block.origin().plan(),
        marks.rank(row),
        marks.number(row));
  }
}
