package io.vitessbeam.write.duckdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitessbeam.SyncedTable;
import io.vitessbeam.block.RowKind;
import io.vitessbeam.schema.TableSchema;
import io.vitessbeam.vstream.StoredTable;
import io.vitessbeam.vstream.TablePlan.Action;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole runs of one shard. */
class SyncLoadTest {

  private static final TableSchema ITEMS = Rows.ITEMS;
  private static final String LIVE =
      "SELECT id || '=' || coalesce(name, 'NULL') FROM items WHERE NOT _cdc_deleted ORDER BY id";
  private static final String DELETED =
      "SELECT id || '=' || coalesce(name, 'NULL') FROM items WHERE _cdc_deleted ORDER BY id";

  @TempDir private Path directory;
  private DatabaseFile database;

  @BeforeEach
  void nameFile() {
    database = new DatabaseFile(directory);
  }

  @AfterEach
  void nothingStays() throws Exception {
    assertThat(database.tables())
        .noneMatch(name -> name.toString().startsWith("_vitessbeam_staging"))
        .noneMatch(name -> name.toString().startsWith("_vitessbeam_ledger"));
    assertThat(directory.toFile().list()).containsExactly("test.duckdb");
  }

  private TestRun run(String id) {
    return new TestRun(database.path(), id, "0");
  }

  private TestRun copyOfThree(String id) {
    return run(id)
        .plan(ITEMS, Action.COPY, 10)
        .copied("items", "0", "1", "one")
        .copied("items", "0", "2", "two")
        .copied("items", "0", "3", null);
  }

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
}
