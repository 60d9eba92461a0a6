package io.vitessbeam.vstream.position;

import com.google.protobuf.ByteString;
import java.io.Serializable;
import java.util.Map;
import java.util.Objects;

/**
 * How far a shard's stream has been given out; the restriction of the splittable functions.
 *
 * @param gtid the transactions before it are given out; empty at the begin of a copy
 * @param lastKeys Vitess's {@code TableLastPK} messages in a {@code ShardGtid}, while it copies
 * @param copied whether there is nothing left to copy
 * @param skip rows of the next transaction that are given out already
 * @param blocks blocks given out
 * @param rows rows given out
 * @param broken by table, why it can't be followed, see {@code StreamEnd}
 * @param done whether nothing is left to do from here
 */
public record StreamPosition(
    String gtid,
    ByteString lastKeys,
    boolean copied,
    long skip,
    long blocks,
    long rows,
    Map<String, String> broken,
    boolean done)
    implements Serializable {

  public StreamPosition {
    Objects.requireNonNull(gtid, "gtid");
    Objects.requireNonNull(lastKeys, "lastKeys");
    broken = Map.copyOf(broken);
  }

  /** Where a stream begins that copies first. */
  public static StreamPosition copy() {
    return new StreamPosition("", ByteString.EMPTY, false, 0, 0, 0, Map.of(), false);
  }

  /** Where a stream begins that follows from a position. */
  public static StreamPosition at(String gtid) {
    return new StreamPosition(gtid, ByteString.EMPTY, true, 0, 0, 0, Map.of(), false);
  }

  public StreamPosition finished() {
    return new StreamPosition(gtid, lastKeys, copied, skip, blocks, rows, broken, true);
  }
}
