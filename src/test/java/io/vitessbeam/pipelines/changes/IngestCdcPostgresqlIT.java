package io.vitessbeam.pipelines.changes;

import static io.vitessbeam.pipelines.changes.FollowingServer.POSTGRESQL;
import static io.vitessbeam.testing.TestVitess.SHOP;
import static org.assertj.core.api.Assertions.assertThat;

import io.vitessbeam.pipelines.IngestRun;
import io.vitessbeam.testing.TableRows;
import io.vitessbeam.testing.TestPipelines.EmbeddedRunner;
import io.vitessbeam.testing.TestVitess;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is PostgreSQL's own about tables that follow a source there. */
class IngestCdcPostgresqlIT {

  private static final TestVitess VITESS = TestVitess.shared();

  @Test
  void namesThatNeedQuotesAreFollowedInOneRun() throws SQLException {
    List<String> tables = List.of("Select %s", "a.b'\"c", "größe {d}");
    for (String table : tables) {
      VITESS.execute(
          SHOP + ":0",
          "CREATE TABLE `%s` (`%s` INT PRIMARY KEY, `from \"x\"` VARCHAR(9))"
              .formatted(table, table),
          "INSERT INTO `%s` VALUES (1, 'one'), (2, 'two'), (3, NULL)".formatted(table));
    }
    try {
      follow(tables);
      for (String table : tables) {
        assertSame(table);
        VITESS.execute(
            SHOP + ":0",
            "UPDATE `%s` SET `from \"x\"` = 'new' WHERE `%s` = 1".formatted(table, table),
            "DELETE FROM `%s` WHERE `%s` = 2".formatted(table, table));
      }
      assertThat(follow(tables)).contains("1 updated, 1 deleted");
      for (String table : tables) {
        assertSame(table);
      }
      assertThat(follow(tables)).contains("nothing new");
    } finally {
      for (String table : tables) {
        VITESS.execute(SHOP + ":0", "DROP TABLE `%s`".formatted(table));
      }
    }
  }

  private static String follow(List<String> tables) {
    IngestRun run =
        POSTGRESQL.run(
            EmbeddedRunner.DIRECT,
            List.of(
                "--source-uri=" + CdcCopy.uri(SHOP) + "&dest_schema=quoted",
                "--include-tables=" + String.join(",", tables)));
    assertThat(run.status()).as(run.err()).isZero();
    return run.out();
  }

  private static void assertSame(String table) throws SQLException {
    try (Connection connection = VITESS.connect(SHOP + ":0")) {
      String copy = "\"" + table.replace("\"", "\"\"") + "\"";
      assertThat(
              TableRows.ofPostgresql(
                  "SELECT %s, \"from \"\"x\"\"\" FROM quoted.%s WHERE NOT _cdc_deleted"
                      .formatted(copy, copy)))
          .isEqualTo(TableRows.ofVitess(connection, "SELECT * FROM `" + table + "`"));
    }
  }

  @Test
  void whatDoesNotFollowIsRefusedAndStays() throws SQLException {
    String table = VITESS.newTable("refused");
    VITESS.execute(
        SHOP + ":0",
        "CREATE TABLE " + table + " (id INT PRIMARY KEY)",
        "INSERT INTO " + table + " VALUES (7)");
    POSTGRESQL.execute("CREATE TABLE c_" + table + " AS SELECT 1 AS id");
    POSTGRESQL.execute("CREATE VIEW v_" + table + " AS SELECT 1 AS id");

    IngestRun plain = POSTGRESQL.trySyncShop(table, "c_" + table);
    assertThat(plain.status()).isEqualTo(1);
    assertThat(plain.err()).contains("--full-refresh", "_cdc_lsn").hasLineCount(1);
    assertThat(POSTGRESQL.rows("SELECT id FROM c_" + table)).containsExactly("1|");
    IngestRun view = POSTGRESQL.trySyncShop(table, "v_" + table);
    assertThat(view.status()).isEqualTo(1);
    assertThat(view.err()).contains("is a VIEW").hasLineCount(1);

    POSTGRESQL.syncShop(table, "c_" + table, "--full-refresh");
    assertThat(POSTGRESQL.rows("SELECT id FROM c_" + table)).containsExactly("7|");
    assertThat(
            POSTGRESQL.rows(
                "SELECT string_agg(format_type(atttypid, atttypmod), ', ' ORDER BY attnum) FROM"
                    + " pg_attribute WHERE attnum > 1 AND NOT attisdropped AND attrelid = 'c_"
                    + table
                    + "'::regclass"))
        .containsExactly("text, boolean, timestamp(6) with time zone|");
  }

  @Test
  void aTableWithoutAKeyTakesTheOneThatIsNamed() throws SQLException {
    String table = VITESS.newTable("keyless");
    VITESS.execute(
        SHOP + ":0",
        "CREATE TABLE " + table + " (a INT NOT NULL, b VARCHAR(9) NOT NULL, n INT)",
        "INSERT INTO " + table + " VALUES (1,'x',1), (1,'y',2), (2,'x',3)");
    String[] key = {"--primary-key=a", "--primary-key=b"};
    POSTGRESQL.syncShop(table, "c_" + table, key);
    VITESS.execute(
        SHOP + ":0",
        "UPDATE " + table + " SET n = 20 WHERE a = 1 AND b = 'y'",
        "DELETE FROM " + table + " WHERE a = 2");

    POSTGRESQL.syncShop(table, "c_" + table, key);

    assertThat(POSTGRESQL.rows("SELECT a, b, n, _cdc_deleted FROM c_" + table))
        .containsExactly("1|x|1|f|", "1|y|20|f|", "2|x|3|t|");
  }

  @Test
  void ownColumnsThatPostgresqlFillsStayFilled() throws SQLException {
    String table = VITESS.newTable("filled");
    String copy = "c_" + table;
    VITESS.execute(
        SHOP + ":0",
        "CREATE TABLE " + table + " (id INT PRIMARY KEY, n INT)",
        "INSERT INTO " + table + " VALUES (1, 1), (2, 2)");
    POSTGRESQL.syncShop(table, copy);
    POSTGRESQL.execute(
        "ALTER TABLE %s ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY, ADD COLUMN twice integer"
                .formatted(copy)
            + " GENERATED ALWAYS AS (n * 2) STORED, ADD COLUMN number integer GENERATED ALWAYS AS"
            + " IDENTITY");
    VITESS.execute(
        SHOP + ":0",
        "UPDATE " + table + " SET n = 10 WHERE id = 1",
        "DELETE FROM " + table + " WHERE id = 2",
        "INSERT INTO " + table + " VALUES (3, 3)");

    assertThat(POSTGRESQL.syncShop(table, copy)).contains("1 inserted, 1 updated, 1 deleted");
    String rows = "SELECT id, n, twice, number, _cdc_deleted FROM " + copy;
    assertThat(POSTGRESQL.rows(rows)).containsExactly("1|10|20|1|f|", "2|2|4|2|t|", "3|3|6|3|f|");

    // A copy replaces the table, and nothing brings it the computed values.
    VITESS.execute(SHOP + ":0", "ALTER TABLE " + table + " ADD COLUMN first INT FIRST");
    IngestRun refused = POSTGRESQL.trySyncShop(table, copy);
    assertThat(refused.status()).isEqualTo(1);
    assertThat(refused.err())
        .contains("Column twice of public." + copy + " is computed by PostgreSQL")
        .hasLineCount(1);
    assertThat(POSTGRESQL.rows(rows)).hasSize(3);
    POSTGRESQL.execute("ALTER TABLE " + copy + " DROP COLUMN twice");
    assertThat(POSTGRESQL.syncShop(table, copy)).contains("copied");
    assertThat(POSTGRESQL.rows("SELECT id, n, number, _cdc_deleted FROM " + copy))
        .containsExactly("1|10|1|f|", "2|2|2|t|", "3|3|3|f|");
  }

  @Test
  void tablesThatChangeWhileVStreamCopiesThemEndEqual() throws SQLException {
    List<String> tables = List.of(VITESS.newTable("busy"), VITESS.newTable("busy"));
    for (String table : tables) {
      VITESS.execute(
          SHOP + ":0",
          "CREATE TABLE " + table + " (id INT PRIMARY KEY, name VARCHAR(200), n INT)",
          "INSERT INTO "
              + table
              + " WITH RECURSIVE r AS (SELECT 1 id UNION ALL SELECT id + 1 FROM r WHERE id < 1000)"
              + " SELECT (a.id - 1) * 1000 + b.id, REPEAT(MD5(b.id), 6), 0 FROM r a, r b WHERE a.id"
              + " <= 10");
    }
    String[] flags = {
      CdcCopy.copiedByVStream(SHOP) + "&dest_schema=busy",
      "--include-tables=" + String.join(",", tables),
      "--dest-uri=" + POSTGRESQL.uri()
    };
    IngestRun run = IngestRun.during(() -> change(tables), flags);
    assertThat(run.status()).as(run.err()).isZero();

    // What the copy did not see is among the changes of the next run.
    IngestRun next = IngestRun.on(EmbeddedRunner.DIRECT, flags);

    assertThat(next.status()).as(next.err()).isZero();
    assertThat(next.out()).doesNotContain("copied");
    try (Connection connection = VITESS.connect(SHOP + ":0")) {
      for (String table : tables) {
        assertThat(
                TableRows.ofPostgresql(
                    "SELECT id, name, n FROM busy." + table + " WHERE NOT _cdc_deleted"))
            .isEqualTo(TableRows.ofVitess(connection, "SELECT id, name, n FROM " + table))
            .hasSize(9_976);
      }
    }
  }

  private static void change(List<String> tables) {
    try {
      for (String table : tables) {
        VITESS.execute(
            SHOP + ":0",
            "UPDATE " + table + " SET n = id WHERE id % 35 = 0",
            "DELETE FROM " + table + " WHERE id % 300 = 1",
            "INSERT INTO " + table + " VALUES (0, 'new', 1), (-5, 'new', 2)",
            "UPDATE " + table + " SET id = id + 1000000 WHERE id % 1000 = 2",
            "INSERT INTO " + table + " VALUES (4000001, NULL, NULL)",
            "DELETE FROM " + table + " WHERE id IN (0, -5, 4000001)",
            "INSERT INTO "
                + table
                + " VALUES (1, 'back', 1), (301, 'back', 1), (601, 'back', 1),"
                + " (901, 'back', 1), (1201, 'back', 1), (1501, 'back', 1), (1801, 'back', 1),"
                + " (2101, 'back', 1), (2401, 'back', 1), (2701, 'back', 1)");
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
