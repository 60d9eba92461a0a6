package io.vitessbeam.write.duckdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitessbeam.SyncedTable;
import io.vitessbeam.block.RowKind;
import io.vitessbeam.schema.TableSchema;
import io.vitessbeam.sync.StoredTable;
import io.vitessbeam.sync.TablePlan.Action;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What whole runs of one shard make of their tables. */
class SyncLoadTest extends OneShardRuns {

  private static final TableSchema ITEMS = Rows.ITEMS;

  @Test
  void aCopy() throws Exception {
    TestRun run = copyOfThree("run 1");
    assertThat(run.lookUp()).containsExactly(StoredTable.absent("items"));
    assertThat(database.path()).doesNotExist();

    assertThat(run.run())
        .containsExactly(new SyncedTable("shop.items", "items", true, "", 3, 0, 0, 0));

    assertThat(database.query(LIVE)).containsExactly("1=one", "2=two", "3=NULL");
    assertThat(database.query("SELECT DISTINCT _cdc_lsn FROM items"))
        .containsExactly("000001.00000000000000000010.0000000000:" + run.at(10).encode());
    assertThat(run.lookUp())
        .containsExactly(new StoredTable("items", run.at(10), 1, "definition of 2"));
  }

  @Test
  void aCopyWithWhatChangedMeanwhile() throws Exception {
    TestRun run =
        copyOfThree("run 1")
            .changed("items", "0", RowKind.UPDATE, 11, 100, "1", "uno")
            .changed("items", "0", RowKind.DELETE, 12, 100, "2", "two")
            .changed("items", "0", RowKind.INSERT, 12, 100, "4", "four")
            .changed("items", "0", RowKind.DELETE, 13, 100, "5", "five");

    assertThat(run.run())
        .containsExactly(new SyncedTable("shop.items", "items", true, "", 3, 1, 1, 1));

    assertThat(database.query(LIVE)).containsExactly("1=uno", "3=NULL", "4=four");
    assertThat(database.query(DELETED)).containsExactly("2=two", "5=five");
    assertThat(database.query("SELECT _cdc_lsn FROM items WHERE id = 4"))
        .containsExactly("000001.00000000000000000012.0000000002:" + run.at(13).encode());
    assertThat(run.lookUp())
        .containsExactly(new StoredTable("items", run.at(13), 1, "definition of 2"));
  }

  @Test
  void changesAreFollowed() throws Exception {
    copyOfThree("run 1").run();
    TestRun run =
        run("run 2")
            .plan(ITEMS, Action.FOLLOW, 10)
            .changed("items", "0", RowKind.UPDATE, 11, 100, "1", "uno")
            .changed("items", "0", RowKind.UPDATE, 11, 100, "1", "eins")
            .changed("items", "0", RowKind.DELETE, 12, 100, "2", "two")
            .changed("items", "0", RowKind.INSERT, 13, 100, "4", "four");

    assertThat(run.run())
        .containsExactly(new SyncedTable("shop.items", "items", false, "", 0, 1, 1, 1));

    assertThat(database.query(LIVE)).containsExactly("1=eins", "3=NULL", "4=four");
    assertThat(database.query(DELETED)).containsExactly("2=two");
    assertThat(run.lookUp())
        .containsExactly(new StoredTable("items", run.at(13), 1, "definition of 2"));
  }

  @Test
  void aRunWithNothingNewChangesNothingButThePosition() throws Exception {
    copyOfThree("run 1").run();
    List<Object> before = database.query("FROM items ORDER BY id");
    TestRun run = run("run 2").plan(ITEMS, Action.FOLLOW, 10).until(20);

    assertThat(run.run())
        .containsExactly(new SyncedTable("shop.items", "items", false, "", 0, 0, 0, 0));

    assertThat(database.query("FROM items ORDER BY id")).isEqualTo(before);
    assertThat(run.lookUp())
        .containsExactly(new StoredTable("items", run.at(20), 1, "definition of 2"));
  }

  private static String lsn(long transaction, int number) {
    return "000001.%020d.%010d".formatted(transaction, number);
  }

  private List<Object> order(int id) throws Exception {
    return database.query("SELECT _cdc_lsn[:38] FROM items WHERE id = " + id);
  }

  @Test
  void anOlderChangeIsNotApplied() throws Exception {
    copyOfThree("run 1").changed("items", "0", RowKind.UPDATE, 20, 1, "1", "new").run();

    follow("run 2")
        .changed("items", "0", RowKind.UPDATE, 15, 1, "1", "old")
        .changed("items", "0", RowKind.DELETE, 16, 1, "1", "old")
        .changed("items", "0", RowKind.UPDATE, 17, 1, "2", "zwei")
        .run();

    assertThat(database.query(LIVE)).containsExactly("1=new", "2=zwei", "3=NULL");
    assertThat(order(1)).containsExactly(lsn(20, 1));
    assertThat(order(2)).containsExactly(lsn(17, 1));
  }

  @Test
  void anUpdateWithinATransactionIsNewerByItsNumber() throws Exception {
    copyOfThree("run 1").changed("items", "0", RowKind.UPDATE, 20, 1, "1", "first").run();

    follow("run 2")
        .changed("items", "0", RowKind.UPDATE, 20, 1, "1", "first")
        .changed("items", "0", RowKind.UPDATE, 20, 1, "1", "second")
        .run();

    assertThat(database.query(LIVE)).contains("1=second");
    assertThat(order(1)).containsExactly(lsn(20, 2));
  }

  @Test
  void aDeletedRowKeepsItsValuesAndComesBack() throws Exception {
    copyOfThree("run 1").run();
    // What a DELETE holds may lack long values.
    follow("run 2").changed("items", "0", RowKind.DELETE, 11, 1, "1", null).run();
    assertThat(database.query(DELETED)).containsExactly("1=one");
    assertThat(order(1)).containsExactly(lsn(11, 1));

    assertThat(follow("run 3").changed("items", "0", RowKind.INSERT, 12, 1, "1", "again").run())
        .containsExactly(new SyncedTable("shop.items", "items", false, "", 0, 1, 0, 0));
    assertThat(database.query(LIVE)).contains("1=again");
  }

  @Test
  void aRowThatCameAndWentIsATombstoneWithItsLastValues() throws Exception {
    copyOfThree("run 1").run();
    follow("run 2")
        .changed("items", "0", RowKind.INSERT, 11, 1, "7", "a")
        .changed("items", "0", RowKind.UPDATE, 12, 1, "7", "b")
        .changed("items", "0", RowKind.DELETE, 13, 1, "7", null)
        .run();
    assertThat(database.query(DELETED)).containsExactly("7=b");
  }

  @Test
  void aTruncateDeletesWhatWasThereBefore() throws Exception {
    copyOfThree("run 1").run();
    TestRun run =
        follow("run 2")
            .changed("items", "0", RowKind.UPDATE, 11, 1, "1", "uno")
            .changed("items", "0", RowKind.INSERT, 11, 1, "4", "four")
            .changed("items", "0", RowKind.TRUNCATE, 12, 1, null, null)
            .changed("items", "0", RowKind.INSERT, 13, 1, "2", "zwei");

    assertThat(run.run())
        .containsExactly(new SyncedTable("shop.items", "items", false, "", 0, 0, 1, 2));

    assertThat(database.query(LIVE)).containsExactly("2=zwei");
    assertThat(database.query(DELETED)).containsExactly("1=uno", "3=NULL", "4=four");
    assertThat(order(3)).containsExactly(lsn(12, 1));
  }

  @Test
  void aColumnThatWasNotSentIsKept() throws Exception {
    copyOfThree("run 1").run();
    follow("run 2")
        .changed("items", "0", RowKind.UPDATE, 11, 1, "1", TestRun.ABSENT)
        .changed("items", "0", RowKind.UPDATE, 12, 1, "2", "zwei")
        .changed("items", "0", RowKind.UPDATE, 13, 1, "2", TestRun.ABSENT)
        .changed("items", "0", RowKind.UPDATE, 14, 1, "3", null)
        .run();
    assertThat(database.query(LIVE)).containsExactly("1=one", "2=zwei", "3=NULL");
    assertThat(order(1)).containsExactly(lsn(11, 1));
    assertThat(order(2)).containsExactly(lsn(13, 1));
  }

  @Test
  void aNewCopyTouchesOnlyWhatDiffers() throws Exception {
    copyOfThree("run 1").run();
    follow("run 2").changed("items", "0", RowKind.DELETE, 11, 1, "1", "one").run();
    List<Object> second = database.query("FROM items WHERE id = 2");
    TestRun run =
        run("run 3")
            .plan(ITEMS, Action.COPY_AGAIN, 30)
            .copied("items", "0", "1", "one")
            .copied("items", "0", "2", "two")
            .copied("items", "0", "4", "four")
            .changed("items", "0", RowKind.UPDATE, 31, 1, "4", "vier");

    assertThat(run.run())
        .containsExactly(new SyncedTable("shop.items", "items", true, "it changed", 3, 2, 0, 1));

    assertThat(database.query(LIVE)).containsExactly("1=one", "2=two", "4=vier");
    assertThat(database.query(DELETED)).containsExactly("3=NULL");
    assertThat(database.query("FROM items WHERE id = 2")).isEqualTo(second);
    assertThat(order(1)).containsExactly(lsn(30, 0));
    assertThat(order(3)).containsExactly(lsn(30, 0));
    assertThat(order(4)).containsExactly(lsn(31, 1));
  }

  @Test
  void aNewCopyLeavesNewerRows() throws Exception {
    copyOfThree("run 1").changed("items", "0", RowKind.UPDATE, 50, 1, "1", "newer").run();
    run("run 2")
        .plan(ITEMS, Action.COPY_AGAIN, 30)
        .copied("items", "0", "1", "older")
        .copied("items", "0", "2", "zwei")
        .run();
    assertThat(database.query(LIVE)).containsExactly("1=newer", "2=zwei");
  }

  @Test
  void aCopyByStream() throws Exception {
    TestRun run =
        run("run 1")
            .plan(ITEMS, Action.COPY, 10)
            .copiedByStream("items", "0", RowKind.COPY, 8, "1", "one")
            .copiedByStream("items", "0", RowKind.COPY, 9, "2", "two")
            .copiedByStream("items", "0", RowKind.UPDATE, 12, "1", "uno")
            .changed("items", "0", RowKind.UPDATE, 12, 1, "1", "uno")
            .changed("items", "0", RowKind.INSERT, 13, 1, "3", "three");
    assertThat(run.run())
        .containsExactly(new SyncedTable("shop.items", "items", true, "", 2, 1, 1, 0));
    assertThat(database.query(LIVE)).containsExactly("1=uno", "2=two", "3=three");
    assertThat(order(1)).containsExactly(lsn(12, 1));
    assertThat(order(2)).containsExactly(lsn(9, 0));
  }

  @Test
  void ofARowThatAStreamCopiedFromTwoPlacesTheLaterOneStays() throws Exception {
    run("run 1")
        .plan(ITEMS, Action.COPY, 10)
        .copiedByStream("items", "0", RowKind.COPY, 8, "1", "older")
        .copiedByStream("items", "0", RowKind.DELETE, 9, "1", "older")
        .copiedByStream("items", "0", RowKind.COPY, 10, "1", "newer")
        .copiedByStream("items", "0", RowKind.COPY, 10, "2", "two")
        .run();
    assertThat(database.query(LIVE)).containsExactly("1=newer", "2=two");
  }

  @Test
  void ofARowThatAStreamCopiedBeforeAndAfterATruncationTheLaterOneStays() throws Exception {
    run("run 1")
        .plan(ITEMS, Action.COPY, 10)
        .copiedByStream("items", "0", RowKind.COPY, 8, "1", "older")
        .copiedByStream("items", "0", RowKind.TRUNCATE, 9, null, null)
        .copiedByStream("items", "0", RowKind.COPY, 10, "1", "newer")
        .run();
    assertThat(database.query(LIVE)).containsExactly("1=newer");
  }

  @Test
  void aFullRefreshForgetsEverything() throws Exception {
    copyOfThree("run 1").changed("items", "0", RowKind.DELETE, 11, 1, "1", "one").run();
    TestRun run =
        run("run 2").withFullRefresh().plan(ITEMS, Action.COPY, 5).copied("items", "0", "8", "x");
    assertThat(run.lookUp()).containsExactly(StoredTable.absent("items"));
    run.run();
    assertThat(database.query("SELECT id FROM items")).containsExactly(8L);
  }

  @Test
  void aTableThatBreaksIsTakenFromTheSecondRound() throws Exception {
    TestRun run =
        copyOfThree("run 1")
            .changed("items", "0", RowKind.UPDATE, 11, 1, "1", "void")
            .broken(1, "items", "ALTER TABLE")
            .plan(2, ITEMS, Action.COPY, 1, 40)
            .copied(2, "items", "0", "1", "good")
            .changed(2, "items", "0", RowKind.INSERT, 41, 1, "2", "too");
    run.run();
    assertThat(database.query(LIVE)).containsExactly("1=good", "2=too");
    assertThat(run.lookUp().get(0).position()).isEqualTo(run.at(41));
  }

  @Test
  void severalTablesInOneStream() throws Exception {
    TableSchema others = new TableSchema("shop", "others", ITEMS.columns(), ITEMS.primaryKey());
    TestRun run =
        copyOfThree("run 1")
            .plan(others, Action.COPY, 10)
            .target("others", "elsewhere.o")
            .copied("others", "0", "1", "o one");
    for (int i = 0; i < 20; i++) {
      run.changed("items", "0", RowKind.UPDATE, 11 + i, 1, "1", "one " + i)
          .changed("others", "0", RowKind.INSERT, 11 + i, 1, "" + (100 + i), "o " + i);
    }
    assertThat(run.run()).extracting(SyncedTable::table).containsExactly("items", "elsewhere.o");
    assertThat(database.query(LIVE)).contains("1=one 19");
    assertThat(database.query("SELECT count(*) FROM elsewhere.o")).containsExactly(21L);
    assertThat(run.lookUp()).extracting(StoredTable::position).containsOnly(run.at(30));
  }
}
