package io.vitessbeam.write.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitessbeam.DuckDbUri;
import io.vitessbeam.EpochEndException;
import io.vitessbeam.Vgtid;
import io.vitessbeam.Vgtid.ShardGtid;
import io.vitessbeam.block.Block;
import io.vitessbeam.block.Origin;
import io.vitessbeam.schema.Column;
import io.vitessbeam.schema.ColumnType;
import io.vitessbeam.schema.MysqlType;
import io.vitessbeam.schema.TableSchema;
import io.vitessbeam.sync.StoredTable;
import io.vitessbeam.sync.SyncPlan;
import io.vitessbeam.sync.TablePlan;
import io.vitessbeam.vstream.follow.StreamEnd;
import io.vitessbeam.vstream.position.StreamPosition;
import io.vitessbeam.write.Destination;
import io.vitessbeam.write.SyncLoader;
import io.vitessbeam.write.SyncPart;
import io.vitessbeam.write.SyncReceipt;
import io.vitessbeam.write.SyncRound;
import io.vitessbeam.write.SyncSpec;
import io.vitessbeam.write.TargetTable;
import io.vitessbeam.write.duckdb.DuckDbDestination;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tables that stand at different positions: one is ahead of another, which waited or was copied
 * earlier. No flush may take a position for one's that is another's.
 */
class ChangeFlushTest {

  private static final String SERVER = "MySQL56/e85748bd-ecb0-11f1-8acf-02fc00000001:1-";
  private static final List<String> SHARDS = List.of("-80", "80-");

  @TempDir private Path folder;
  private Destination destination;

  private final SyncSpec spec =
      new SyncSpec(
          "owner",
          "",
          "shop",
          List.of(
              new SyncSpec.Table("ahead", new TargetTable("main", "ahead")),
              new SyncSpec.Table("behind", new TargetTable("main", "behind"))),
          false);

  private static TablePlan table(String name, TablePlan.Action action, int first, int second) {
    return new TablePlan(
        new TableSchema(
            "shop",
            name,
            List.of(new Column("id", ColumnType.of(MysqlType.BIGINT), false)),
            List.of("id")),
        "",
        action,
        "",
        new Vgtid(
            "shop",
            List.of(new ShardGtid("-80", SERVER + first), new ShardGtid("80-", SERVER + second))),
        0);
  }

  private static SyncPlan plan(TablePlan.Action action) {
    return new SyncPlan(
        1, SHARDS, List.of(table("ahead", action, 100, 20), table("behind", action, 90, 10)));
  }

  /** Copies both tables, which are empty, each up to its own position. */
  @BeforeEach
  void copy() {
    destination = new DuckDbDestination(DuckDbUri.parse("duckdb:///" + folder.resolve("x.duckdb")));
    SyncPlan plan = plan(TablePlan.Action.COPY);
    SyncLoader load = destination.follower(spec.in("copy"));
    List<SyncReceipt> receipts = new ArrayList<>();
    for (TablePlan table : plan.tables()) {
      load.stage(
              new SyncPart(SyncPart.Kind.COPY, 1),
              plan,
              Block.closing(table.schema(), new Origin(1, 0, 1, 0, 0, "-80")))
          .ifPresent(receipts::add);
    }
    List<StreamEnd> ends = new ArrayList<>();
    for (int i = 0; i < SHARDS.size(); i++) {
      String shard = SHARDS.get(i);
      TableSchema any = plan.tables().get(0).schema();
      load.stage(
              new SyncPart(SyncPart.Kind.STREAM, 1),
              plan,
              Block.closing(any, new Origin(1, i, 2, 0, 0, shard)))
          .ifPresent(receipts::add);
      String gtid = plan.tables().get(1).from().gtid(shard);
      ends.add(new StreamEnd(1, i, 2, shard, gtid, 0, Map.of()));
    }
    load.publish(
        new SyncRound(plan, ends),
        new SyncRound(new SyncPlan(2, SHARDS, List.of()), List.of()),
        receipts);
    load.release();
    assertThat(positions("ahead")).isEqualTo(Map.of("-80", 100, "80-", 20));
    assertThat(positions("behind")).isEqualTo(Map.of("-80", 90, "80-", 10));
  }

  /** By shard, how many transactions a table has. */
  private Map<String, Integer> positions(String table) {
    SyncLoader load = destination.follower(spec.in("look up " + table));
    try {
      StoredTable stored =
          load.lookUp().tables().stream()
              .filter(each -> each.table().equals(table))
              .findFirst()
              .orElseThrow();
      Map<String, Integer> positions = new TreeMap<>();
      stored
          .position()
          .shards()
          .forEach(
              shard ->
                  positions.put(
                      shard.shard(), Integer.parseInt(shard.gtid().substring(SERVER.length()))));
      return positions;
    } finally {
      load.release();
    }
  }

  private void flush(String shard, int transactions, Gathered gathered) {
    ChangesInOrder.OfShard changes =
        new ChangesInOrder.OfShard(List.of(), StreamPosition.at(SERVER + transactions), 0, "");
    new ChangeFlush(
            spec.in("flush " + shard + transactions),
            plan(TablePlan.Action.FOLLOW),
            Map.of(shard, changes),
            gathered)
        .apply(destination);
  }

  private void flush(String shard, int transactions) {
    flush(shard, transactions, Gathered.NOTHING);
  }

  private static Gathered applied(String shard, int transactions) {
    return Gathered.NOTHING.after(
        Map.of(
            shard,
            new Gathered.Applied(
                0,
                SERVER + transactions,
                true,
                List.of(new ShardGtid("80-c0", SERVER + 5), new ShardGtid("c0-", SERVER + 6)))),
        List.of());
  }

  /** As one does that was put back from a backup while a stream goes on. */
  @Test
  void aTableThatStandsBeforeTheChangesIsNotTakenPastThoseThatItLacks() {
    assertThatThrownBy(() -> flush("80-", 40, applied("80-", 30)))
        .isInstanceOf(EpochEndException.class)
        .hasMessageContaining("stands before changes of shard 80- that were applied");
    assertThatThrownBy(
            () ->
                new ChangeFlush(
                        spec.in("move"),
                        plan(TablePlan.Action.FOLLOW),
                        Map.of(),
                        applied("80-", 30))
                    .move(destination, List.of("-80", "80-c0", "c0-")))
        .isInstanceOf(EpochEndException.class);

    assertThat(positions("ahead")).isEqualTo(Map.of("-80", 100, "80-", 20));
    assertThat(positions("behind")).isEqualTo(Map.of("-80", 90, "80-", 10));
  }

  @Test
  void aShardThatGaveNothingLeavesEachTableWhereItIs() {
    flush("80-", 30);

    assertThat(positions("ahead")).isEqualTo(Map.of("-80", 100, "80-", 30));
    assertThat(positions("behind")).isEqualTo(Map.of("-80", 90, "80-", 30));
  }

  @Test
  void aTableThatIsAheadStaysThere() {
    flush("-80", 95);

    assertThat(positions("ahead")).isEqualTo(Map.of("-80", 100, "80-", 20));
    assertThat(positions("behind")).isEqualTo(Map.of("-80", 95, "80-", 10));
  }

  @Test
  void aReshardMovesEachTableFromWhereItIs() {
    flush("80-", 30);

    assertThat(
            new ChangeFlush(
                    spec.in("move"), plan(TablePlan.Action.FOLLOW), Map.of(), applied("80-", 30))
                .move(destination, List.of("-80", "80-c0", "c0-")))
        .isTrue();

    assertThat(positions("ahead")).isEqualTo(Map.of("-80", 100, "80-c0", 5, "c0-", 6));
    assertThat(positions("behind")).isEqualTo(Map.of("-80", 90, "80-c0", 5, "c0-", 6));
  }
}
