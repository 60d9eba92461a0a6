package io.vitessbeam.write.duckdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitessbeam.DataException;
import io.vitessbeam.NeedsRefreshException;
import io.vitessbeam.SyncedTable;
import io.vitessbeam.block.RowKind;
import io.vitessbeam.schema.TableSchema;
import io.vitessbeam.sync.TablePlan.Action;
import io.vitessbeam.write.SyncPart;
import io.vitessbeam.write.SyncReceipt;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a run refuses, and how it bears to be tried again. */
class SyncRefusalsTest extends OneShardRuns {

  private static final TableSchema ITEMS = Rows.ITEMS;

  @Test
  void aColumnThatNobodyHasIsRefused() throws Exception {
    copyOfThree("run 1").run();
    for (RowKind kind : List.of(RowKind.UPDATE, RowKind.INSERT)) {
      TestRun run = follow("run " + kind).changed("items", "0", kind, 11, 1, "9", TestRun.ABSENT);
      assertThatThrownBy(run::run)
          .isInstanceOf(NeedsRefreshException.class)
          .hasMessageContaining("1 rows of shop.items")
          .hasMessageContaining("--full-refresh");
    }
    // The tombstone's value is not that of the row that was inserted with its key.
    follow("run 2").changed("items", "0", RowKind.DELETE, 11, 1, "1", "one").run();
    TestRun run = follow("run 3").changed("items", "0", RowKind.INSERT, 12, 1, "1", TestRun.ABSENT);
    assertThatThrownBy(run::run).isInstanceOf(NeedsRefreshException.class);
    assertThat(database.query(LIVE)).containsExactly("2=two", "3=NULL");
  }

  @Test
  void aKeyThatAStreamCopiedTwiceThoughNothingHappenedToItIsRefused() throws Exception {
    TestRun run =
        run("run 1")
            .plan(ITEMS, Action.COPY, 10)
            .copiedByStream("items", "0", RowKind.COPY, 8, "1", "one")
            .copiedByStream("items", "0", RowKind.UPDATE, 9, "2", "two")
            .copiedByStream("items", "0", RowKind.COPY, 9, "1", "another");
    assertThatThrownBy(run::run)
        .isInstanceOf(DataException.class)
        .hasMessageContaining("more than one row with the key (id) = (1): choose a key");
    assertThat(database.tables()).isEmpty();
  }

  @Test
  void aTableThatBreaksTwiceFailsTheRun() throws Exception {
    TestRun run =
        copyOfThree("run 1")
            .broken(1, "items", "ALTER 1")
            .plan(2, ITEMS, Action.COPY, 1, 40)
            .broken(2, "items", "ALTER 2");
    assertThatThrownBy(run::run)
        .isInstanceOf(DataException.class)
        .hasMessageContaining("shop.items keeps changing while it is read (ALTER 1, then ALTER 2)");
    create();
  }

  private void create() throws Exception {
    assertThat(database.path()).doesNotExist();
    database.execute("SELECT 1");
  }

  /** The file is gone with the run that made it. */
  @Test
  void aChangeWithoutItsKeyIsRefused() throws Exception {
    TestRun run = copyOfThree("run 1").changed("items", "0", RowKind.UPDATE, 11, 1, null, "x");
    assertThatThrownBy(run::run)
        .isInstanceOf(DataException.class)
        .hasMessageContaining("1 changes of shop.items, shard 0, came without their key");
    create();
  }

  @Test
  void aKeyThatIsNotUniqueIsRefused() throws Exception {
    TestRun run = copyOfThree("run 1").copied("items", "0", "2", "twice");
    assertThatThrownBy(run::run)
        .isInstanceOf(DataException.class)
        .hasMessageContaining("more than one row with the key (id) = (2)");
    create();
  }

  @Test
  void whatIsMissingFailsTheRun() throws Exception {
    copyOfThree("run 1").run();
    List<Object> before = database.query("FROM items ORDER BY id");
    for (String missing : List.of("copy 1", "stream 1")) {
      TestRun run =
          run("without " + missing)
              .plan(ITEMS, Action.COPY, 10)
              .copied("items", "0", "1", "one")
              .changed("items", "0", RowKind.INSERT, 11, 1, "2", "two");
      SyncLoad load = DuckDbLoads.ofThisJvm().acquire(run.target());
      List<SyncReceipt> receipts = new ArrayList<>();
      for (SyncPart part : List.of(SyncPart.parse("copy 1"), SyncPart.parse("stream 1"))) {
        if (!part.toString().equals(missing)) {
          run.blocks(part)
              .forEach(block -> load.stage(part, run.plan(1), block).ifPresent(receipts::add));
        }
      }
      assertThatThrownBy(() -> load.publish(run.round(1), run.round(2), receipts))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("Nothing is published");
      DuckDbLoads.ofThisJvm().release(load);
    }
    assertThat(database.query("FROM items ORDER BY id")).isEqualTo(before);
  }

  @Test
  void aStreamWithOtherRowsThanItEndedWithFailsTheRun() throws Exception {
    copyOfThree("run 1").run();
    TestRun run = follow("run 2").changed("items", "0", RowKind.INSERT, 11, 1, "2", "two");
    TestRun more =
        follow("run 2")
            .changed("items", "0", RowKind.INSERT, 11, 1, "2", "two")
            .changed("items", "0", RowKind.INSERT, 11, 1, "3", "three");
    SyncLoad load = DuckDbLoads.ofThisJvm().acquire(run.target());
    List<SyncReceipt> receipts = run.stage(load);
    assertThatThrownBy(() -> load.publish(more.round(1), more.round(2), receipts))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("shard 0 gave 2 rows, the ledger has 1, the staging tables hold 1");
    DuckDbLoads.ofThisJvm().release(load);
  }

  @Test
  void publishingAgainSaysTheSame() throws Exception {
    TestRun run = copyOfThree("run 1").changed("items", "0", RowKind.DELETE, 11, 1, "1", "one");
    List<SyncedTable> first = run.run();
    List<Object> rows = database.query("FROM items ORDER BY id");
    SyncLoad load = DuckDbLoads.ofThisJvm().acquire(run.target());
    assertThat(load.publish(run.round(1), run.round(2), List.of())).isEqualTo(first);
    DuckDbLoads.ofThisJvm().release(load);
    assertThat(database.query("FROM items ORDER BY id")).isEqualTo(rows);
  }

  @Test
  void blocksThatComeAgainAreNotDoubled() throws Exception {
    TestRun run = copyOfThree("run 1").changed("items", "0", RowKind.INSERT, 11, 1, "4", "four");
    SyncLoad load = DuckDbLoads.ofThisJvm().acquire(run.target());
    List<SyncReceipt> receipts = run.stage(load);
    receipts.addAll(run.stage(load));
    load.publish(run.round(1), run.round(2), receipts);
    DuckDbLoads.ofThisJvm().release(load);
    assertThat(database.query("SELECT count(*) FROM items")).containsExactly(4L);
  }

  @Test
  void whatIsStagedGoesOnAfterTheFileWasClosed() throws Exception {
    TestRun run = copyOfThree("run 1").changed("items", "0", RowKind.INSERT, 11, 1, "4", "four");
    SyncLoad load = DuckDbLoads.ofThisJvm().acquire(run.target());
    SyncPart copy = SyncPart.parse("copy 1");
    run.blocks(copy).forEach(block -> load.stage(copy, run.plan(1), block));
    DuckDbLoads.ofThisJvm().release(load);

    SyncLoad again = DuckDbLoads.ofThisJvm().acquire(run.target());
    again.publish(run.round(1), run.round(2), run.stage(again));
    DuckDbLoads.ofThisJvm().release(again);
    assertThat(database.query(LIVE)).containsExactly("1=one", "2=two", "3=NULL", "4=four");
  }

  @Test
  void abortingLeavesNothing() throws Exception {
    copyOfThree("run 1").run();
    TestRun run = follow("run 2").changed("items", "0", RowKind.INSERT, 11, 1, "4", "four");
    SyncLoad load = DuckDbLoads.ofThisJvm().acquire(run.target());
    run.stage(load);
    DuckDbLoads.ofThisJvm().abort(run.target().place(), "run 2");
    DuckDbLoads.ofThisJvm().release(load);
    assertThat(database.query(LIVE)).containsExactly("1=one", "2=two", "3=NULL");
  }
}
