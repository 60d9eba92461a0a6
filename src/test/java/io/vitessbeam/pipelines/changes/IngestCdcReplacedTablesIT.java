package io.vitessbeam.pipelines.changes;

import static io.vitessbeam.pipelines.changes.IngestCdcDdlIT.alter;
import static io.vitessbeam.testing.TestVitess.CUSTOMER;
import static io.vitessbeam.testing.TestVitess.SHOP;
import static org.assertj.core.api.Assertions.assertThat;

import io.vitessbeam.pipelines.IngestRun;
import io.vitessbeam.testing.OnEachRunner;
import io.vitessbeam.testing.TestPipelines.EmbeddedRunner;
import io.vitessbeam.testing.TestVitess;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tables that are emptied, dropped, or made anew between two runs. */
class IngestCdcReplacedTablesIT {

  private static final TestVitess VITESS = TestVitess.shared();
  private static final String COLUMNS =
      "(id INT PRIMARY KEY, a INT, b VARCHAR(20), c VARCHAR(20) NOT NULL)";

  @TempDir private Path folder;

  private static String table() throws SQLException {
    String table = VITESS.newTable("ddl");
    VITESS.execute(
        SHOP,
        "CREATE TABLE " + table + " " + COLUMNS,
        "INSERT INTO " + table + " VALUES (1,1,'b1','c1'), (2,2,'b2','c2'), (3,3,'b3','c3')");
    return table;
  }

  private CdcCopy copy() {
    return CdcCopy.of(EmbeddedRunner.DIRECT, SHOP, folder);
  }

  @OnEachRunner
  void truncateDeletesAllRows(EmbeddedRunner runner) throws SQLException {
    String table = table();
    String other = table();
    List<String> both = List.of(table, other);
    CdcCopy copy = CdcCopy.of(runner, SHOP, folder);
    copy.syncAll(both);
    alter(table, "TRUNCATE TABLE %s", "INSERT INTO %s VALUES (1, 1, 'again', 'x')");

    assertThat(copy.syncAll(both))
        .doesNotContain("copied")
        .contains("main." + other + ": nothing new");

    copy.assertSame(table, other);
    assertThat(copy.deleted(table)).contains("2|", "3|");
    VITESS.execute(SHOP, "TRUNCATE TABLE " + table);
    copy.syncAll(both);
    copy.assertSame(table, other);
  }

  @Test
  void truncateOfAShardedTable() throws SQLException {
    String table = VITESS.newTable("ddl");
    VITESS.createSharded(table, "id", "hash", COLUMNS);
    VITESS.execute(
        CUSTOMER,
        "INSERT INTO " + table + " (id, c) VALUES (1,'x'), (2,'x'), (3,'x'), (4,'x'), (5,'x')");
    CdcCopy copy = CdcCopy.of(EmbeddedRunner.DIRECT, CUSTOMER, folder);
    copy.sync(table);
    VITESS.execute(
        CUSTOMER,
        "TRUNCATE TABLE " + table,
        "INSERT INTO " + table + " (id, c) VALUES (2,'y'), (7,'y')");

    copy.sync(table);

    copy.assertSame(table);
    // Of one shard alone.
    VITESS.execute(CUSTOMER + ":-80", "TRUNCATE TABLE " + table);
    copy.sync(table);
    copy.assertSame(table);
  }

  @ParameterizedTest
  @ValueSource(strings = {"DROP TABLE %s", "RENAME TABLE %s TO %s_gone"})
  void aTableThatIsGoneIsNamed(String statement) throws SQLException {
    String table = table();
    String other = table();
    CdcCopy copy = copy();
    copy.syncAll(List.of(table, other));
    VITESS.execute(SHOP, "DELETE FROM " + table + " WHERE id = 1", statement.replace("%s", table));
    change(other);
    List<String> before = copy.everything(table);
    List<String> otherBefore = copy.everything(other);

    for (IngestRun run : List.of(copy.trySync(table), copy.trySyncAll(List.of(other, table)))) {
      assertThat(run.status()).isEqualTo(1);
      assertThat(run.err()).contains(table).hasLineCount(1);
    }

    assertThat(copy.everything(table)).isEqualTo(before);
    assertThat(copy.everything(other)).isEqualTo(otherBefore);
    copy.syncAll(List.of(other));
    copy.assertSame(other);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        COLUMNS + "| DIRECT",
        COLUMNS + "| FLINK",
        "(id INT PRIMARY KEY, c VARCHAR(20), d TEXT)| DIRECT",
        "(id INT PRIMARY KEY, c VARCHAR(20) NOT NULL, b VARCHAR(20), a INT)| DIRECT",
      })
  void aTableThatWasDroppedAndMadeAnewIsCopied(String columns, EmbeddedRunner runner)
      throws SQLException {
    String table = table();
    CdcCopy copy = CdcCopy.of(runner, SHOP, folder);
    copy.sync(table);
    VITESS.execute(
        SHOP,
        "DELETE FROM " + table + " WHERE id = 1",
        "DROP TABLE " + table,
        "CREATE TABLE " + table + " " + columns,
        "INSERT INTO " + table + " (id, c) VALUES (2, 'new'), (4, 'new')");

    assertThat(copy.sync(table)).containsPattern("copied 2 rows again \\(.+\\)");

    copy.assertSame(table);
    assertThat(copy.deleted(table)).containsExactly("1|", "3|");
    VITESS.execute(SHOP, "DELETE FROM " + table + " WHERE id = 4");
    assertThat(copy.sync(table)).doesNotContain("copied");
    copy.assertSame(table);
  }

  /** Rows can't be told apart as before: none of them stays. */
  @Test
  void anotherPrimaryKeyReplacesTheTable() throws SQLException {
    String table = table();
    CdcCopy copy = copy();
    copy.sync(table);
    VITESS.execute(
        SHOP,
        "DELETE FROM " + table + " WHERE id = 1",
        "ALTER TABLE " + table + " DROP PRIMARY KEY, ADD PRIMARY KEY (id, c)",
        "INSERT INTO " + table + " VALUES (2, 20, 'b20', 'c20')");

    assertThat(copy.sync(table)).containsPattern("copied 3 rows again \\(.*primary key.*\\)");

    copy.assertSame(table);
    assertThat(copy.deleted(table)).isEmpty();
    VITESS.execute(SHOP, "DELETE FROM " + table + " WHERE id = 2 AND c = 'c2'");
    assertThat(copy.sync(table)).contains("0 inserted, 0 updated, 1 deleted");
    copy.assertSame(table);
  }

  private static void change(String table) throws SQLException {
    VITESS.execute(SHOP, "UPDATE " + table + " SET c = 'changed'");
  }
}
