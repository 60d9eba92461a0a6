package io.vitessbeam.write.stream;

import io.vitessbeam.EpochEndException;
import io.vitessbeam.SyncedTable;
import io.vitessbeam.TransientException;
import io.vitessbeam.Vgtid;
import io.vitessbeam.block.Block;
import io.vitessbeam.block.Origin;
import io.vitessbeam.sync.StoredTable;
import io.vitessbeam.sync.StoredTables;
import io.vitessbeam.sync.SyncPlan;
import io.vitessbeam.sync.TablePlan;
import io.vitessbeam.vstream.follow.StreamEnd;
import io.vitessbeam.vstream.position.GtidSet;
import io.vitessbeam.write.Destination;
import io.vitessbeam.write.SyncLoader;
import io.vitessbeam.write.SyncPart;
import io.vitessbeam.write.SyncReceipt;
import io.vitessbeam.write.SyncRound;
import io.vitessbeam.write.SyncSpec;
import io.vitessbeam.write.stream.ChangesInOrder.OfShard;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Applies changes that have waited to all tables of a run, as a bounded run of its own that ends
 * where they end. What the destination has already is left as it is, so that it makes no difference
 * where a runner, or another run, begins again.
 */
final class ChangeFlush {

  private static final SyncPart PART = new SyncPart(SyncPart.Kind.STREAM, 1);

  private final SyncSpec spec;
  private final SyncPlan plan;
  private final Map<String, OfShard> changes;
  private final Gathered gathered;

  /** By table, why it can't be followed past these changes. */
  private final Map<String, String> broken;

  /**
   * A flush of its own run.
   *
   * @param spec whose run id no other flush has, not even a former try of the same changes: they
   *     need not have been all of them
   * @param plan of the run, in which all tables are followed
   * @param changes by shard
   * @param gathered how much of each shard was applied before them
   */
  ChangeFlush(SyncSpec spec, SyncPlan plan, Map<String, OfShard> changes, Gathered gathered) {
    this.spec = spec;
    this.plan = plan;
    this.changes = changes;
    this.gathered = gathered;
    this.broken = broken(changes);
  }

  private static Map<String, String> broken(Map<String, OfShard> changes) {
    Map<String, String> broken = new TreeMap<>();
    changes.values().forEach(shard -> shard.after().broken().forEach(broken::putIfAbsent));
    return broken;
  }

  /** By table, why the run has to begin again to go on with it. */
  Map<String, String> broken() {
    return broken;
  }

  /**
   * Applies them, or finds that this was done already. A table that breaks among them stays where
   * it was: it will be read anew from there.
   *
   * @throws EpochEndException if a table is not in the destination any more, or stands before these
   *     changes
   */
  List<SyncedTable> apply(Destination destination) {
    SyncLoader load = destination.follower(spec);
    try {
      SyncPlan now = planFrom(load.lookUp(resting()));
      if (now.tables().isEmpty()) {
        return List.of();
      }
      List<StreamEnd> ends = new ArrayList<>();
      List<SyncReceipt> receipts = new ArrayList<>();
      for (int i = 0; i < now.shards().size(); i++) {
        List<Block> blocks = blocks(now, now.shards().get(i));
        StreamEnd end = end(now, i, blocks);
        ends.add(end);
        stage(load, now, blocks, end, receipts);
      }
      return publish(load, now, ends, receipts);
    } finally {
      load.release();
    }
  }

  /** The tables of which there are no changes. */
  private Set<String> resting() {
    Set<String> resting = new TreeSet<>();
    plan.tables().forEach(table -> resting.add(table.table()));
    changes
        .values()
        .forEach(shard -> shard.blocks().forEach(block -> resting.remove(block.schema().table())));
    return resting;
  }

  /** Those of the tables that go on. */
  private List<Block> blocks(SyncPlan now, String shard) {
    return changes.containsKey(shard)
        ? changes.get(shard).blocks().stream()
            .filter(block -> now.indexOf(block.schema().table()) >= 0)
            .toList()
        : List.of();
  }

  private static List<SyncedTable> publish(
      SyncLoader load, SyncPlan now, List<StreamEnd> ends, List<SyncReceipt> receipts) {
    return load.publish(
        new SyncRound(now, ends),
        new SyncRound(new SyncPlan(2, now.shards(), List.of()), List.of()),
        receipts);
  }

  /**
   * Moves the tables to the shards that took the place of those that were followed, if all that
   * came of these is applied. What happens there is newer than what is in the destination, which a
   * new epoch of the orders says.
   *
   * @param serving the shards that serve
   * @return whether they were moved
   * @throws TransientException if the new shards don't serve yet
   */
  boolean move(Destination destination, List<String> serving) {
    SyncLoader load = destination.follower(spec);
    try {
      List<TablePlan> tables = new ArrayList<>();
      for (TablePlan table : planFrom(load.lookUp()).tables()) {
        Optional<Vgtid> position = ReshardedPosition.of(table.from(), gathered, serving);
        if (position.isEmpty()) {
          return false;
        }
        tables.add(
            new TablePlan(
                table.schema(),
                table.definition(),
                table.action(),
                "",
                position.get(),
                table.epoch() + 1));
      }
      if (!tables.isEmpty()) {
        move(load, new SyncPlan(1, tables.get(0).from().shardNames(), tables));
      }
      return true;
    } finally {
      load.release();
    }
  }

  private static void move(SyncLoader load, SyncPlan now) {
    List<StreamEnd> ends = new ArrayList<>();
    List<SyncReceipt> receipts = new ArrayList<>();
    for (int i = 0; i < now.shards().size(); i++) {
      StreamEnd end = end(now, i, oldest(now, i), List.of());
      ends.add(end);
      stage(load, now, List.of(), end, receipts);
    }
    publish(load, now, ends, receipts);
  }

  /** Where a shard stands afterwards; if nothing came of it, each table where it stands already. */
  private StreamEnd end(SyncPlan now, int index, List<Block> blocks) {
    OfShard ofShard = changes.get(now.shards().get(index));
    return end(now, index, ofShard == null ? oldest(now, index) : ofShard.after().gtid(), blocks);
  }

  /** A table that has more than the end of a stream stays there. */
  private static String oldest(SyncPlan now, int index) {
    return now.oldest(now.shards().get(index)).toString();
  }

  private static StreamEnd end(SyncPlan now, int index, String gtid, List<Block> blocks) {
    long rows = blocks.stream().mapToLong(Block::rows).sum();
    List<String> shards = now.shards();
    return new StreamEnd(1, index, shards.size(), shards.get(index), gtid, rows, Map.of());
  }

  private static void stage(
      SyncLoader load,
      SyncPlan now,
      List<Block> blocks,
      StreamEnd end,
      List<SyncReceipt> receipts) {
    long sequence = 0;
    for (Block block : blocks) {
      load.stage(PART, now, block.withOrigin(origin(end, sequence++, -1))).ifPresent(receipts::add);
    }
    load.stage(
            PART,
            now,
            Block.closing(now.tables().get(0).schema(), origin(end, sequence, end.rows())))
        .ifPresent(receipts::add);
  }

  private static Origin origin(StreamEnd end, long sequence, long rows) {
    return new Origin(1, end.range(), end.ranges(), sequence, rows, end.shard());
  }

  /** The tables that go on, from where the destination has them. */
  private SyncPlan planFrom(StoredTables stored) {
    Map<String, StoredTable> byName = new TreeMap<>();
    stored.tables().forEach(table -> byName.put(table.table(), table));
    List<TablePlan> tables = new ArrayList<>();
    for (TablePlan table : plan.tables()) {
      if (!broken.containsKey(table.table())) {
        tables.add(from(table, byName.get(table.table())));
      }
    }
    return new SyncPlan(1, plan.shards(), tables);
  }

  /** Whether a table has what came before these changes, which is not given a second time. */
  private boolean hasAllBefore(String shard, TablePlan table, StoredTable stored) {
    String applied = gathered.of(shard).gtid();
    String before = applied.isEmpty() ? table.from().gtid(shard) : applied;
    // Of other shards, where a table was moved to them meanwhile.
    boolean known = stored.position().shardNames().contains(shard);
    String there = known ? stored.position().gtid(shard) : "";
    return there.equals(before) || GtidSet.parse(there).contains(GtidSet.parse(before));
  }

  private TablePlan from(TablePlan table, StoredTable stored) {
    if (stored == null || stored.position() == null) {
      throw new EpochEndException(
          table.schema().qualifiedName()
              + " is not in the destination any more, or not what was written there: it is copied"
              + " again");
    }
    for (String shard : plan.shards()) {
      if (!hasAllBefore(shard, table, stored)) {
        throw new EpochEndException(
            "%s stands before changes of shard %s that were applied, as a backup does that was put in its place: it is followed from there"
                .formatted(table.schema().qualifiedName(), shard));
      }
    }
    return new TablePlan(
        table.schema(),
        table.definition(),
        TablePlan.Action.FOLLOW,
        "",
        stored.position(),
        stored.epoch());
  }
}
