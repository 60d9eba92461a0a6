package io.vitessbeam.pipelines.changes;

import static io.vitessbeam.testing.TestVitess.SHOP;
import static org.assertj.core.api.Assertions.assertThat;

import io.vitessbeam.Vgtid;
import io.vitessbeam.Vgtid.ShardGtid;
import io.vitessbeam.pipelines.IngestRun;
import io.vitessbeam.testing.OnEachRunner;
import io.vitessbeam.testing.TableRows;
import io.vitessbeam.testing.TestPipelines.EmbeddedRunner;
import io.vitessbeam.testing.TestVitess;
import io.vitessbeam.vstream.position.CdcLsn;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a run begins, whatever became of the destination since the last one. */
class IngestCdcPositionsIT {

  private static final TestVitess VITESS = TestVitess.shared();

  @TempDir private Path folder;

  private String table() throws SQLException {
    String table = VITESS.newTable("positions");
    VITESS.execute(
        SHOP,
        "CREATE TABLE " + table + " (id INT PRIMARY KEY, name VARCHAR(20))",
        "INSERT INTO " + table + " VALUES (1, 'a'), (2, 'b'), (3, 'c')");
    return table;
  }

  private static void change(String table, int step) throws SQLException {
    VITESS.execute(
        SHOP,
        "INSERT INTO " + table + " VALUES (" + (100 + step) + ", 'new')",
        "UPDATE " + table + " SET name = 'u" + step + "' WHERE id = 1",
        "DELETE FROM " + table + " WHERE id = " + (100 + step - 1));
  }

  private CdcCopy copy() {
    return CdcCopy.of(EmbeddedRunner.DIRECT, SHOP, folder);
  }

  @OnEachRunner
  void theRowsAloneAreEnoughToGoOn(EmbeddedRunner runner) throws SQLException {
    String table = table();
    CdcCopy copy = CdcCopy.of(runner, SHOP, folder);
    copy.sync(table);
    copy.dropPositions(table);
    change(table, 1);
    assertThat(copy.sync(table)).contains("1 inserted, 1 updated, 0 deleted");
    copy.assertSame(table);
    change(table, 2);
    copy.dropPositions(table);

    assertThat(copy.sync(table)).doesNotContain("copied");

    copy.assertSame(table);
    assertThat(copy.deleted(table)).containsExactly("101|");
  }

  @Test
  void severalTablesGoOnByTheirRowsAlone() throws SQLException {
    List<String> tables = List.of(table(), table());
    CdcCopy copy = copy();
    copy.syncAll(tables);
    change(tables.get(0), 1);
    copy.syncAll(tables);
    copy.dropPositions(tables.toArray(String[]::new));
    VITESS.execute(SHOP, "DELETE FROM " + tables.get(1) + " WHERE id = 2");
    change(tables.get(0), 2);

    assertThat(copy.syncAll(tables)).doesNotContain("copied");

    copy.assertSame(tables.toArray(String[]::new));
    assertThat(copy.deleted(tables.get(1))).containsExactly("2|");
  }

  /** The idle one's position moves too, so that nothing is read a second time. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void idleAndBusyTablesInOneKeyspace(boolean withoutPositions) throws SQLException {
    String idle = table();
    String busy = table();
    List<String> tables = List.of(idle, busy);
    CdcCopy copy = copy();
    copy.syncAll(tables);
    for (int step = 1; step <= 3; step++) {
      change(busy, step);
      if (withoutPositions) {
        copy.dropPositions(idle, busy);
      }
      assertThat(copy.syncAll(tables)).contains("main." + idle + ": nothing new");
      copy.assertSame(idle, busy);
    }
    change(idle, 1);
    assertThat(copy.syncAll(tables)).contains("main." + busy + ": nothing new");
    copy.assertSame(idle, busy);
    assertThat(copy.syncAll(List.of(idle))).contains("nothing new");
  }

  @Test
  void anEmptyTableIsNotCopiedAgain() throws SQLException {
    String empty = VITESS.newTable("empty");
    VITESS.execute(SHOP, "CREATE TABLE " + empty + " (id INT PRIMARY KEY, name VARCHAR(20))");
    String full = table();
    CdcCopy copy = copy();
    copy.syncAll(List.of(empty, full));
    change(full, 1);

    assertThat(copy.syncAll(List.of(empty, full))).doesNotContain("copied");

    change(empty, 1);
    copy.syncAll(List.of(empty, full));
    copy.assertSame(empty, full);
    // Without the positions nothing tells where an empty table stood: it is copied.
    VITESS.execute(SHOP, "DELETE FROM " + empty);
    copy.syncAll(List.of(empty, full));
    copy.dropPositions(empty, full);
    change(empty, 5);
    copy.syncAll(List.of(empty, full));
    copy.assertSame(empty, full);
  }

  @OnEachRunner
  void aTableThatIsAddedLaterDoesNotCostTheOthersTheirDeletes(EmbeddedRunner runner)
      throws SQLException {
    String old = table();
    CdcCopy copy = CdcCopy.of(runner, SHOP, folder);
    copy.syncAll(List.of(old));
    VITESS.execute(SHOP, "DELETE FROM " + old + " WHERE id IN (1, 3)");
    String added = table();
    change(added, 1);

    assertThat(copy.syncAll(List.of(old, added)))
        .contains("main." + old + ": 0 inserted, 0 updated, 2 deleted")
        .contains("main." + added + ": copied 4 rows");

    copy.assertSame(old, added);
    assertThat(copy.deleted(old)).containsExactly("1|", "3|");
  }

  /** Single runs, runs of all, in an order that makes every table the oldest once. */
  @Test
  void runsOfOneTableAndOfManyMayBeMixed() throws SQLException {
    String a = table();
    String b = table();
    String c = table();
    CdcCopy copy = copy();
    List<List<String>> runs =
        List.of(
            List.of(a, b),
            List.of(b),
            List.of(c),
            List.of(a, b, c),
            List.of(a),
            List.of(c, b),
            List.of(a, b, c),
            List.of(b),
            List.of(a),
            List.of(b, c));
    int step = 0;
    for (List<String> run : runs) {
      step++;
      for (String table : List.of(a, b, c)) {
        change(table, step);
      }
      if (run.size() == 1) {
        copy.sync(run.get(0));
      } else {
        copy.syncAll(run);
      }
      copy.assertSame(run.toArray(String[]::new));
    }
    assertThat(copy.syncAll(List.of(a, b, c))).doesNotContain("copied");
    copy.assertSame(a, b, c);
    String deleted = "SELECT id FROM %s WHERE _cdc_deleted AND id > 100";
    for (String table : List.of(a, b)) {
      assertThat(copy.rows(deleted.formatted(table)))
          .containsExactlyElementsOf(
              IntStream.rangeClosed(101, 109).mapToObj(id -> id + "|").toList());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "DROP TABLE %s, false",
    "DROP TABLE %s, true",
    "DELETE FROM %s, false",
    "DELETE FROM %s, true",
    "TRUNCATE %s, false",
  })
  void aDestinationThatWasEmptiedByHandIsFilledAgain(String statement, boolean withoutPositions)
      throws SQLException {
    String table = table();
    String other = table();
    CdcCopy copy = copy();
    copy.syncAll(List.of(table, other));
    change(table, 1);
    change(other, 1);
    copy.syncAll(List.of(table, other));
    copy.execute(statement.formatted(table));
    if (withoutPositions) {
      copy.dropPositions(table, other);
    }
    change(table, 2);
    change(other, 2);

    assertThat(copy.syncAll(List.of(table, other)))
        .contains("main." + table + ": copied 4 rows")
        .contains("main." + other + ": 1 inserted, 1 updated, 1 deleted");

    copy.assertSame(table, other);
  }

  /** An older backup of one table beside a newer position. */
  @Test
  void aDestinationTableThatWasPutBackGoesOnFromItsOwnRows() throws SQLException {
    String table = table();
    CdcCopy copy = copy();
    copy.sync(table);
    copy.execute("CREATE TABLE backup AS SELECT * FROM " + table);
    change(table, 1);
    copy.sync(table);
    copy.execute(
        "DELETE FROM " + table,
        "INSERT INTO " + table + " SELECT * FROM backup",
        "DROP TABLE backup");
    change(table, 2);

    copy.sync(table);

    copy.assertSame(table);
  }

  @ParameterizedTest
  @ValueSource(strings = {"'zzz'", "'9'", "''", "_cdc_lsn || '?'", "left(_cdc_lsn, 30)"})
  void garbageInTheOrderIsNamed(String garbage) throws SQLException {
    String table = table();
    CdcCopy copy = copy();
    copy.sync(table);
    copy.execute("UPDATE " + table + " SET _cdc_lsn = " + garbage);
    needsRefresh(copy, table);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anUnknownShardIsNamed(boolean withoutPositions) throws SQLException {
    String table = table();
    CdcCopy copy = copy();
    copy.sync(table);
    String gtid = resume(copy, table).gtid("0");
    setResume(copy, table, new Vgtid(SHOP, List.of(new ShardGtid("-40", gtid))));
    if (withoutPositions) {
      copy.dropPositions(table);
    }
    assertThat(needsRefresh(copy, table)).contains("-40");
  }

  @Test
  void anotherKeyspaceIsNamed() throws SQLException {
    String table = table();
    CdcCopy copy = copy();
    copy.sync(table);
    setResume(
        copy,
        table,
        new Vgtid("elsewhere", List.of(new ShardGtid("0", resume(copy, table).gtid("0")))));
    copy.dropPositions(table);
    assertThat(needsRefresh(copy, table)).contains("elsewhere");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"MySQL56/11111111-2222-3333-4444-555555555555:1-9", "nonsense", "MySQL56/x:1"})
  void aPositionOfAnotherServerIsNamed(String gtid) throws SQLException {
    String table = table();
    CdcCopy copy = copy();
    copy.sync(table);
    setResume(copy, table, new Vgtid(SHOP, List.of(new ShardGtid("0", gtid))));
    copy.dropPositions(table);
    needsRefresh(copy, table);
  }

  private static Vgtid resume(CdcCopy copy, String table) throws SQLException {
    String lsn = copy.rows("SELECT max(_cdc_lsn) FROM " + table).get(0);
    return CdcLsn.parse(lsn.substring(0, lsn.length() - 1)).resume();
  }

  private static void setResume(CdcCopy copy, String table, Vgtid resume) throws SQLException {
    copy.execute(
        "UPDATE "
            + table
            + " SET _cdc_lsn = left(_cdc_lsn, "
            + CdcLsn.ORDER_LENGTH
            + ") || ':"
            + resume.encode()
            + "'");
  }

  /** It fails in one line, changes nothing, and gives what helps; which does help. */
  private static String needsRefresh(CdcCopy copy, String table) throws SQLException {
    List<String> before = copy.everything(table);
    change(table, 1);

    IngestRun run = copy.trySync(table);

    assertThat(run.status()).as(run.out()).isEqualTo(1);
    assertThat(run.err()).contains(table, "--full-refresh").hasLineCount(1);
    assertThat(run.err()).doesNotContain("Exception");
    assertThat(copy.everything(table)).isEqualTo(before);
    assertThat(copy.sync(table, "--full-refresh")).contains("copied 4 rows");
    copy.assertSame(table);
    change(table, 2);
    assertThat(copy.sync(table)).contains("1 inserted, 1 updated, 1 deleted");
    copy.assertSame(table);
    return run.err();
  }

  /** Also rows go that were deleted, or put there by hand. */
  @OnEachRunner
  void aFullRefreshRebuildsTheTable(EmbeddedRunner runner) throws SQLException {
    String table = table();
    CdcCopy copy = CdcCopy.of(runner, SHOP, folder);
    copy.sync(table);
    VITESS.execute(SHOP, "DELETE FROM " + table + " WHERE id = 2");
    copy.sync(table);
    copy.execute("ALTER TABLE " + table + " ADD COLUMN by_hand INTEGER");

    assertThat(copy.sync(table, "--full-refresh")).contains("copied 2 rows");

    assertThat(copy.rows("SELECT * EXCLUDE (_cdc_lsn, _cdc_synced_at) FROM " + table))
        .containsExactly("1|a|false|", "3|c|false|");
    assertThat(TableRows.tables(copy.file())).hasSizeLessThanOrEqualTo(2);
    change(table, 1);
    assertThat(copy.sync(table)).contains("1 inserted, 1 updated, 0 deleted");
    copy.assertSame(table);
  }

  @Test
  void aTableThatIsNotOursIsLeftAlone() throws SQLException {
    String table = table();
    CdcCopy copy = copy();
    copy.execute(
        "CREATE TABLE " + table + " (id INTEGER, name VARCHAR)",
        "INSERT INTO " + table + " VALUES (77, 'precious')");

    IngestRun run = copy.trySync(table);

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err()).contains(table, "--full-refresh").hasLineCount(1);
    assertThat(copy.rows("SELECT * FROM " + table)).containsExactly("77|precious|");
  }
}
