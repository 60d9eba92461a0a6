package io.vitessbeam.sync;

import io.vitessbeam.TransientException;
import io.vitessbeam.Vgtid;
import io.vitessbeam.vstream.position.GtidSet;
import io.vitessbeam.vstream.position.NewColumns;
import io.vitessbeam.vstream.position.ShardStream;
import io.vitessbeam.vstream.position.StreamPosition;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** The streams of a round of a bounded run. */
final class RoundStreams {

  private final SyncOptions options;
  private final SyncPlan plan;

  RoundStreams(SyncOptions options, SyncPlan plan) {
    this.options = options;
    this.plan = plan;
  }

  /**
   * One stream per shard, of all tables, from the oldest of their positions on.
   *
   * @param boundary the transactions that the servers have executed when all copies are complete,
   *     at which the streams end
   * @throws TransientException if the shards are others than when the run was planned
   */
  List<ShardStream> follow(Vgtid boundary) {
    if (plan.tables().isEmpty()) {
      return List.of();
    }
    requireSameShards(plan, boundary);
    long fingerprint = fingerprint("follow", boundary);
    List<ShardStream> streams = new ArrayList<>();
    for (String shard : plan.shards()) {
      if (!GtidSet.parse(boundary.gtid(shard)).contains(plan.oldest(shard))) {
        throw new TransientException(
            "Shard "
                + options.keyspace()
                + "/"
                + shard
                + " lost transactions during the run, as a failover can do that takes a tablet"
                + " which is behind: run again",
            null);
      }
      streams.add(follow(shard, fingerprint, boundary.gtid(shard)));
    }
    return streams;
  }

  /**
   * The same streams without an end; none if there are no tables. Each call gives others: what they
   * give out is numbered from their begin.
   */
  List<ShardStream> followForever() {
    if (plan.tables().isEmpty()) {
      return List.of();
    }
    long fingerprint = UUID.randomUUID().getMostSignificantBits();
    return plan.shards().stream()
        .map(shard -> follow(shard, fingerprint, "").lasting(NewColumns.BREAK))
        .toList();
  }

  private ShardStream follow(String shard, long fingerprint, String until) {
    List<ShardStream.Table> tables =
        plan.tables().stream()
            .map(table -> new ShardStream.Table(table.schema(), table.from().gtid(shard)))
            .toList();
    return new ShardStream(
        options.keyspace(),
        shard,
        plan.round(),
        fingerprint,
        plan.shards().indexOf(shard),
        plan.shards().size(),
        StreamPosition.at(plan.oldest(shard).toString()),
        until,
        tables,
        false,
        options.stall());
  }

  /**
   * One stream per shard and table that is copied, when VStream copies. Each ends when its table is
   * copied and nothing before the position from which it is followed afterwards is missing.
   */
  List<ShardStream> copy() {
    List<ShardStream> streams = new ArrayList<>();
    for (TablePlan table : plan.tables()) {
      if (table.copies()) {
        addCopy(table, streams);
      }
    }
    return streams;
  }

  private void addCopy(TablePlan table, List<ShardStream> streams) {
    long fingerprint = fingerprint("copy of " + table.table(), table.from());
    for (int i = 0; i < plan.shards().size(); i++) {
      String shard = plan.shards().get(i);
      streams.add(
          new ShardStream(
              options.keyspace(),
              shard,
              plan.round(),
              fingerprint,
              i,
              plan.shards().size(),
              StreamPosition.copy(),
              table.from().gtid(shard),
              List.of(new ShardStream.Table(table.schema(), "")),
              false,
              options.stall()));
    }
  }

  /** The same for the same streams in any JVM: what a former try staged goes on with them. */
  private long fingerprint(String what, Vgtid boundary) {
    StringBuilder text = new StringBuilder(what).append(plan.round()).append(boundary);
    plan.tables().forEach(table -> text.append(table.table()).append(table.from()));
    return UUID.nameUUIDFromBytes(text.toString().getBytes(StandardCharsets.UTF_8))
        .getMostSignificantBits();
  }

  /**
   * Passes if the serving shards are those that a plan was made for.
   *
   * @throws TransientException if there are others
   */
  static void requireSameShards(SyncPlan plan, Vgtid now) {
    if (!plan.shards().equals(now.shardNames())) {
      throw new TransientException(
          "Keyspace "
              + now.keyspace()
              + " was resharded during the run, from "
              + String.join(", ", plan.shards())
              + " to "
              + String.join(", ", now.shardNames())
              + ": run again",
          null);
    }
  }
}
