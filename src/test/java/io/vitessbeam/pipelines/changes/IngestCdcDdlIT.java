package io.vitessbeam.pipelines.changes;

import static io.vitessbeam.testing.TestVitess.SHOP;
import static org.assertj.core.api.Assertions.assertThat;

import io.vitessbeam.benchmark.EventsTable;
import io.vitessbeam.pipelines.IngestRun;
import io.vitessbeam.testing.OnEachRunner;
import io.vitessbeam.testing.TestPipelines.EmbeddedRunner;
import io.vitessbeam.testing.TestVitess;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tables that change their columns between two runs, with unread changes before and after it. */
class IngestCdcDdlIT {

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

  /** What it takes to see whether changes before or after it are lost, or applied wrongly. */
  static void alter(String table, String... statements) throws SQLException {
    VITESS.execute(
        SHOP,
        "INSERT INTO " + table + " (id, a, c) VALUES (10, 10, 'before')",
        "UPDATE " + table + " SET a = -1 WHERE id = 1",
        "DELETE FROM " + table + " WHERE id = 2");
    for (String statement : statements) {
      VITESS.execute(SHOP, statement.replace("%s", table));
    }
    VITESS.execute(
        SHOP,
        "INSERT INTO " + table + " (id, c) VALUES (11, 'after')",
        "UPDATE " + table + " SET c = 'after' WHERE id IN (1, 10)",
        "DELETE FROM " + table + " WHERE id = 3");
  }

  @OnEachRunner
  void aColumnThatIsAddedComesByItself(EmbeddedRunner runner) throws SQLException {
    String table = table();
    CdcCopy copy = CdcCopy.of(runner, SHOP, folder);
    copy.sync(table);
    alter(
        table,
        "ALTER TABLE %s ADD COLUMN d DECIMAL(9,2), ADD COLUMN e INT",
        "UPDATE %s SET d = 1.5 WHERE id = 1");

    assertThat(copy.sync(table)).contains("2 inserted, 1 updated, 2 deleted");

    copy.assertSame(table);
    VITESS.execute(SHOP, "UPDATE " + table + " SET d = d + 1");
    copy.sync(table);
    copy.assertSame(table);
  }

  @Test
  void whatChangesNoColumnCopiesNothing() throws SQLException {
    Map<String, String> tables =
        tables(
            "CREATE INDEX i ON %s (a)",
            "ALTER TABLE %s ADD INDEX i (a), ADD UNIQUE KEY u (id, a)",
            "ANALYZE TABLE %s",
            "ALTER TABLE %s COMMENT = 'new'",
            "ALTER TABLE %s ENGINE = InnoDB, AUTO_INCREMENT = 1000");
    CdcCopy copy = copy();
    copy.syncAll(List.copyOf(tables.keySet()));
    alter(tables);

    String summary = copy.syncAll(List.copyOf(tables.keySet()));

    assertThat(summary).doesNotContain("copied");
    for (String table : tables.keySet()) {
      assertThat(summary)
          .as(tables.get(table))
          .contains("main." + table + ": 2 inserted, 1 updated, 2 deleted");
      copy.assertSame(table);
    }
  }

  /** A table for each statement. */
  private static Map<String, String> tables(String... statements) throws SQLException {
    Map<String, String> tables = new LinkedHashMap<>();
    for (String statement : statements) {
      tables.put(table(), statement);
    }
    return tables;
  }

  private static void alter(Map<String, String> tables) throws SQLException {
    for (Map.Entry<String, String> table : tables.entrySet()) {
      alter(table.getKey(), table.getValue());
    }
  }

  @Test
  void aColumnThatIsExcludedStaysAwayWhenTheTableIsCopiedAgain() throws SQLException {
    String table = table();
    CdcCopy copy = copy();
    copy.sync(table, "--sql-exclude-columns=b");
    alter(table, "ALTER TABLE %s MODIFY a BIGINT");

    assertThat(copy.sync(table, "--sql-exclude-columns=b"))
        .containsPattern("copied 3 rows again \\(.+\\)");

    assertThat(
            copy.rows(
                "SELECT * EXCLUDE (_cdc_lsn, _cdc_deleted, _cdc_synced_at) FROM "
                    + table
                    + " WHERE NOT _cdc_deleted"))
        .containsExactlyInAnyOrder("1|-1|after|", "10|10|after|", "11|NULL|after|");
  }

  @OnEachRunner
  void whatMakesOldChangesUnreadableCopiesTheTable(EmbeddedRunner runner) throws SQLException {
    Map<String, String> tables =
        tables(
            "ALTER TABLE %s ADD COLUMN d INT NOT NULL DEFAULT 7",
            "ALTER TABLE %s ADD COLUMN d VARCHAR(9) DEFAULT 'é'",
            "ALTER TABLE %s ADD COLUMN d DATETIME(3) DEFAULT '2024-02-29 12:00:00'",
            "ALTER TABLE %s ADD COLUMN d INT FIRST",
            "ALTER TABLE %s ADD COLUMN d VARCHAR(20) AFTER a",
            "ALTER TABLE %s ADD COLUMN d INT AS (a + 1) STORED",
            "ALTER TABLE %s DROP COLUMN b",
            "ALTER TABLE %s DROP COLUMN b, ADD COLUMN d VARCHAR(20)",
            "ALTER TABLE %s RENAME COLUMN b TO bb",
            "ALTER TABLE %s CHANGE a b2 BIGINT, CHANGE b a2 TEXT",
            "ALTER TABLE %s MODIFY a BIGINT",
            "ALTER TABLE %s MODIFY b VARCHAR(200)",
            "ALTER TABLE %s MODIFY b TEXT CHARACTER SET latin1",
            "ALTER TABLE %s MODIFY a DECIMAL(20,4)",
            "ALTER TABLE %s MODIFY a VARCHAR(30)",
            "ALTER TABLE %s MODIFY c VARCHAR(20) NULL",
            "ALTER TABLE %s MODIFY c VARCHAR(20) NOT NULL AFTER id");
    String other = table();
    List<String> all = new ArrayList<>(tables.keySet());
    all.add(other);
    CdcCopy copy = CdcCopy.of(runner, SHOP, folder);
    copy.syncAll(all);
    alter(tables);
    VITESS.execute(SHOP, "DELETE FROM " + other + " WHERE id = 2");

    String summary = copy.syncAll(all);

    assertThat(summary).contains("main." + other + ": 0 inserted, 0 updated, 1 deleted");
    copy.assertSame(other);
    for (String table : tables.keySet()) {
      assertThat(summary)
          .as(tables.get(table))
          .containsPattern("main." + table + ": copied 3 rows again \\(.+\\)");
      copy.assertSame(table);
      assertThat(copy.deleted(table)).as(tables.get(table)).containsExactly("2|", "3|");
      VITESS.execute(
          SHOP,
          "UPDATE " + table + " SET c = 'later' WHERE id = 1",
          "INSERT INTO " + table + " (id, c) VALUES (12, 'x')");
    }

    String later = copy.syncAll(all);

    assertThat(later).contains("main." + other + ": nothing new");
    for (String table : tables.keySet()) {
      assertThat(later)
          .as(tables.get(table))
          .contains("main." + table + ": 1 inserted, 1 updated, 0 deleted");
    }
    copy.assertSame(all.toArray(String[]::new));
  }

  @Test
  void aColumnThatIsDroppedStaysAndIsNull() throws SQLException {
    String table = table();
    CdcCopy copy = copy();
    copy.sync(table);
    VITESS.execute(
        SHOP,
        "ALTER TABLE " + table + " DROP COLUMN c",
        "INSERT INTO " + table + " VALUES (4, 4, 'b4')");
    copy.sync(table);
    VITESS.execute(SHOP, "UPDATE " + table + " SET a = 40 WHERE id = 4");
    copy.sync(table);

    copy.assertSame(table);
    assertThat(copy.rows("SELECT id, c FROM " + table + " WHERE id = 4"))
        .containsExactly("4|NULL|");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ALTER TABLE %s ADD COLUMN d INT",
        "ALTER TABLE %s ADD COLUMN d INT NOT NULL DEFAULT 1",
        "ALTER TABLE %s MODIFY a BIGINT",
      })
  void aFrozenSchemaFails(String statement) throws SQLException {
    String table = table();
    CdcCopy copy = copy();
    copy.sync(table, "--schema-contract=freeze");
    VITESS.execute(SHOP, "DELETE FROM " + table + " WHERE id = 1");
    assertThat(copy.sync(table, "--schema-contract=freeze")).contains("1 deleted");
    List<String> before = copy.everything(table);
    alter(table, statement);

    IngestRun run = copy.trySync(table, "--schema-contract=freeze");

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err())
        .contains(table, statement.contains(" d ") ? "column d" : "column a", "frozen")
        .hasLineCount(1);
    assertThat(copy.everything(table)).isEqualTo(before);
    copy.sync(table);
    copy.assertSame(table);
  }

  /** Between the reading of a range and the end of the run. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "ALTER TABLE %s ADD COLUMN d INT",
        "ALTER TABLE %s ADD COLUMN d INT NOT NULL DEFAULT 7",
        "ALTER TABLE %s DROP COLUMN score",
        "ALTER TABLE %s MODIFY quantity BIGINT",
        "TRUNCATE TABLE %s",
        "DROP TABLE %s",
      })
  void duringACopy(String statement) throws SQLException {
    String table = VITESS.newTable("ddl_during");
    new EventsTable(VITESS.uri(SHOP), table).create(10_000);
    CdcCopy copy = copy();

    IngestRun run =
        IngestRun.during(
            () -> {
              try {
                VITESS.execute(SHOP, statement.replace("%s", table));
              } catch (SQLException e) {
                throw new IllegalStateException(e);
              }
            },
            "--source-uri=" + CdcCopy.uri(SHOP),
            "--source-table=" + table,
            "--dest-uri=duckdb:///" + copy.file());

    if (run.status() != 0) {
      // A copy that can't be completed says so and leaves nothing.
      assertThat(run.err()).contains("ingest: ", table).doesNotContain("Exception");
      assertThat(copy.file()).doesNotExist();
    }
    if (!statement.startsWith("DROP")) {
      copy.sync(table);
      copy.assertSame(table);
    }
  }
}
