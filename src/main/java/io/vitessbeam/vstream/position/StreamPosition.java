package io.vitessbeam.vstream.position;

import com.google.protobuf.ByteString;
import io.vitessbeam.Vgtid.ShardGtid;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * How far a shard's stream has been given out; the restriction of the splittable functions.
 *
 * <p>When the shard is resharded, the stream goes on in the shards that took its place. Then they
 * alone say where it is, each for itself.
 *
 * @param gtid the transactions before it are given out; empty at the begin of a copy
 * @param lastKeys Vitess's {@code TableLastPK} messages in a {@code ShardGtid}, while it copies
 * @param copied whether there is nothing left to copy
 * @param skip rows of the next transaction that are given out already
 * @param blocks blocks given out
 * @param rows rows given out
 * @param broken by table, why it can't be followed, see {@code StreamEnd}
 * @param successors the shards in which the stream goes on; none while it is in its own
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
    List<Successor> successors,
    boolean done)
    implements Serializable {

  public StreamPosition {
    Objects.requireNonNull(gtid, "gtid");
    Objects.requireNonNull(lastKeys, "lastKeys");
    broken = Map.copyOf(broken);
    successors = List.copyOf(successors);
  }

  /** In the stream's own shard. */
  public StreamPosition(
      String gtid,
      ByteString lastKeys,
      boolean copied,
      long skip,
      long blocks,
      long rows,
      Map<String, String> broken,
      boolean done) {
    this(gtid, lastKeys, copied, skip, blocks, rows, broken, List.of(), done);
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
    return new StreamPosition(gtid, lastKeys, copied, skip, blocks, rows, broken, successors, true);
  }

  /**
   * The position in each shard that is followed.
   *
   * @param own shard of the stream
   */
  public List<ShardGtid> shards(String own) {
    return successors.isEmpty()
        ? List.of(new ShardGtid(own, gtid))
        : successors.stream().map(next -> new ShardGtid(next.shard(), next.gtid())).toList();
  }

  /** The reshard that brought the stream into a shard, see {@link Successor}; 0 for its own. */
  public long sinceMillis(String shard) {
    return successor(shard).map(Successor::sinceMillis).orElse(0L);
  }

  private Optional<Successor> successor(String shard) {
    return successors.stream().filter(next -> next.shard().equals(shard)).findFirst();
  }

  /** The same position as that of a stream which has the successor as its own shard. */
  public StreamPosition in(Successor shard) {
    return new StreamPosition(
        shard.gtid(), ByteString.EMPTY, true, shard.skip(), 0, 0, broken, false);
  }

  /**
   * The position after one of the successors has moved.
   *
   * @param there its position as that of a stream of its own
   * @param moreBlocks given out meanwhile
   * @param moreRows given out meanwhile
   */
  public StreamPosition moved(String shard, StreamPosition there, long moreBlocks, long moreRows) {
    Map<String, String> allBroken = new HashMap<>(there.broken());
    allBroken.putAll(broken);
    return new StreamPosition(
        gtid,
        lastKeys,
        copied,
        skip,
        blocks + moreBlocks,
        rows + moreRows,
        allBroken,
        successors.stream()
            .map(next -> next.shard().equals(shard) ? next.at(there.gtid(), there.skip()) : next)
            .toList(),
        done);
  }

  /**
   * The position after a shard was resharded. If other streams go on in all of the new shards, and
   * no successor is left, this one is at its end.
   *
   * @param shard the stream's own, or a successor
   * @param next those of the new shards in which this stream goes on, and where they begin
   * @param millis when that was
   */
  public StreamPosition resharded(String shard, List<ShardGtid> next, long millis) {
    long since = Math.max(millis, sinceMillis(shard) + 1);
    List<Successor> left = new ArrayList<>(successors);
    left.removeIf(successor -> successor.shard().equals(shard));
    next.forEach(begin -> left.add(new Successor(begin.shard(), begin.gtid(), 0, since)));
    return new StreamPosition(
        gtid, lastKeys, copied, skip, blocks, rows, broken, left, left.isEmpty());
  }
}
