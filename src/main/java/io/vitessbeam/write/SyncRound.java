package io.vitessbeam.write;

import io.vitessbeam.DataException;
import io.vitessbeam.Vgtid;
import io.vitessbeam.sync.SyncPlan;
import io.vitessbeam.sync.TablePlan;
import io.vitessbeam.vstream.follow.StreamEnd;
import io.vitessbeam.vstream.position.GtidSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** The plan of a round and how its streams ended, one for each shard. */
public record SyncRound(SyncPlan plan, List<StreamEnd> ends) {

  public SyncRound {
    // A retry may give an end again.
    Map<String, StreamEnd> byShard = new TreeMap<>();
    for (StreamEnd end : ends) {
      StreamEnd before = byShard.put(end.shard(), end);
      if (before != null && !before.equals(end)) {
        throw new DataException(
            "The stream of shard %s ended in two ways: %s and %s"
                .formatted(end.shard(), before, end));
      }
    }
    ends = List.copyOf(byShard.values());
    for (StreamEnd end : ends) {
      if (end.round() != plan.round()) {
        throw new DataException(end + " is not of round " + plan.round());
      }
    }
    if (!plan.tables().isEmpty() && !byShard.keySet().equals(new TreeSet<>(plan.shards()))) {
      throw new DataException(
          "Streams of the shards %s ended, but the shards are %s"
              .formatted(byShard.keySet(), plan.shards()));
    }
  }

  public StreamEnd end(String shard) {
    return ends.stream().filter(end -> end.shard().equals(shard)).findFirst().orElseThrow();
  }

  /**
   * Where all shards of a table stand now: where the streams ended, or where it stood before, if
   * that is more, since a stream begins at the oldest position of its tables.
   */
  public Vgtid position(TablePlan table) {
    return new Vgtid(
        table.from().keyspace(),
        plan.shards().stream()
            .map(shard -> new Vgtid.ShardGtid(shard, later(table.from().gtid(shard), end(shard))))
            .toList());
  }

  private static String later(String before, StreamEnd end) {
    return GtidSet.parse(before).contains(GtidSet.parse(end.gtid())) ? before : end.gtid();
  }

  /** Why a table could not be followed to the end. */
  public Optional<String> broken(String table) {
    return ends.stream()
        .filter(end -> end.broken().containsKey(table))
        .map(end -> end.broken().get(table))
        .findFirst();
  }
}
