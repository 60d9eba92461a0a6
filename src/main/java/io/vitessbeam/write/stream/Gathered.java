package io.vitessbeam.write.stream;

import io.vitessbeam.Vgtid.ShardGtid;
import io.vitessbeam.vstream.StreamedChanges;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the runner's state says beside the changes that wait.
 *
 * @param plan of the streams whose changes are gathered; 0 before the first
 * @param dueMillis when what waits has to be applied, since 1970, for which a timer is set; 0 if
 *     none is
 * @param rows that wait
 * @param bytes of them
 * @param shards by name, how much of them was applied
 */
record Gathered(long plan, long dueMillis, long rows, long bytes, Map<String, Applied> shards) {

  static final Gathered NOTHING = new Gathered(0, 0, 0, 0, Map.of());

  /**
   * How much of a shard's stream was applied.
   *
   * @param blocks of the stream
   * @param gtid behind them
   * @param resharded whether other shards took its place
   * @param successors those of them that begin where it ended; others begin where others end
   */
  record Applied(long blocks, String gtid, boolean resharded, List<ShardGtid> successors) {

    static final Applied NOTHING = new Applied(0, "", false, List.of());

    Applied {
      successors = List.copyOf(successors);
    }
  }

  Gathered {
    shards = Map.copyOf(shards);
  }

  Applied of(String shard) {
    return shards.getOrDefault(shard, Applied.NOTHING);
  }

  /** Whether they are only a time, before which nothing of the shard is missing. */
  boolean hasAllBefore(StreamedChanges changes) {
    return rows == 0
        && changes.blocks().isEmpty()
        && changes.timeMillis() > 0
        && changes.firstBlock() <= of(changes.shard()).blocks();
  }

  /** Whether the position behind them is the one that was applied. */
  boolean isAt(StreamedChanges changes) {
    return changes.after().gtid().equals(of(changes.shard()).gtid());
  }

  Gathered with(StreamedChanges changes) {
    return new Gathered(
        changes.plan(), dueMillis, rows + changes.rows(), bytes + changes.bytes(), shards);
  }

  /** Whether they are of the streams that are gathered: others number theirs anew. */
  boolean isOf(StreamedChanges changes) {
    return plan == 0 || plan == changes.plan();
  }

  boolean isTimed() {
    return dueMillis > 0;
  }

  boolean isDue(long nowMillis) {
    return isTimed() && nowMillis >= dueMillis;
  }

  Gathered dueAt(long millis) {
    return new Gathered(plan, millis, rows, bytes, shards);
  }

  /** The same when changes were applied, and so many wait for others that are still missing. */
  Gathered after(Map<String, Applied> applied, Iterable<StreamedChanges> left) {
    Map<String, Applied> all = new TreeMap<>(shards);
    all.putAll(applied);
    Gathered gathered = new Gathered(plan, 0, 0, 0, all);
    for (StreamedChanges changes : left) {
      gathered = gathered.with(changes);
    }
    return gathered;
  }
}
