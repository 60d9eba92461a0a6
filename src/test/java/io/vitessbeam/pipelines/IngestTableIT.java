package io.vitessbeam.pipelines;

import static io.vitessbeam.testing.TestVitess.CUSTOMER;
import static io.vitessbeam.testing.TestVitess.SHOP;
import static org.assertj.core.api.Assertions.assertThat;

import io.vitessbeam.benchmark.EventsTable;
import io.vitessbeam.testing.TableRows;
import io.vitessbeam.testing.TestPipelines.EmbeddedRunner;
import io.vitessbeam.testing.TestVitess;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tables of a real Vitess arrive in DuckDB row by row, on both embedded runners. */
class IngestTableIT {

  private static final TestVitess VITESS = TestVitess.shared();
  private static final int ROWS = 200_000;
  private static final String EVENTS = VITESS.newTable("events");
  private static final String SHARDED = VITESS.newTable("sharded");

  @TempDir private Path folder;

  @BeforeAll
  static void fill() throws SQLException {
    new EventsTable(VITESS.uri(SHOP), EVENTS).create(ROWS);
    VITESS.createSharded(
        SHARDED,
        "id",
        "hash",
        "(id BIGINT UNSIGNED NOT NULL, part CHAR(3) NOT NULL, amount DECIMAL(20,4), note TEXT,"
            + " at DATETIME(3), raw VARBINARY(20), PRIMARY KEY (id, part))");
    try (Connection connection = VITESS.connect(CUSTOMER);
        Statement statement = connection.createStatement()) {
      for (int from = 0; from < ROWS; from += 5_000) {
        List<String> values = new ArrayList<>();
        for (int id = from; id < from + 5_000; id++) {
          values.add(
              id % 11 == 0
                  ? "(" + id + ",'nul',NULL,NULL,NULL,NULL)"
                  : "("
                      + id
                      + ",'é"
                      + id % 10
                      + "',"
                      + id
                      + ".0625,'n😀"
                      + id
                      + "','2024-02-29 12:00:00."
                      + 100 * (id % 10)
                      + "',X'00FF"
                      + "0A".repeat(id % 9)
                      + "')");
        }
        statement.execute(
            "INSERT INTO `"
                + SHARDED
                + "` (id, part, amount, note, at, raw) VALUES "
                + String.join(",", values));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aTableBeyondTheRowCapArrivesWhole(EmbeddedRunner runner) throws SQLException {
    Path file = folder.resolve("events.duckdb");

    IngestRun run =
        IngestRun.load(runner, VITESS.uriText(SHOP), EVENTS, file, "--extract-parallelism=5");

    assertThat(run.err()).doesNotContain("Exception");
    assertThat(run.status()).isZero();
    assertThat(run.out()).startsWith("Loaded 200,000 rows of shop." + EVENTS + " into " + file);
    assertSame(SHOP, EVENTS, file, "main." + EVENTS);
  }

  @ParameterizedTest
  @EnumSource
  void aShardedTableArrivesWhole(EmbeddedRunner runner) throws SQLException {
    Path file = folder.resolve("sharded.duckdb");

    IngestRun run = IngestRun.load(runner, VITESS.uriText(CUSTOMER), SHARDED, file);

    assertThat(run.status()).as(run.err()).isZero();
    assertSame(CUSTOMER, SHARDED, file, "main." + SHARDED);
  }

  @Test
  void aTableIsReplacedAsAWhole() throws SQLException {
    Path file = folder.resolve("replaced.duckdb");
    String table = VITESS.newTable("replaced");
    VITESS.execute(SHOP, "CREATE TABLE " + table + " (id INT PRIMARY KEY, old TEXT)");
    VITESS.execute(SHOP, "INSERT INTO " + table + " VALUES (1, 'a'), (2, 'b'), (3, NULL)");
    String[] flags = {
      "--source-uri=" + VITESS.uriText(SHOP),
      "--source-table=" + table,
      "--dest-uri=duckdb:///" + file,
      "--dest-table=crm.\"the copy\""
    };
    assertThat(IngestRun.of(flags).status()).isZero();
    assertSame(SHOP, table, file, "crm.\"the copy\"");
    VITESS.execute(
        SHOP,
        "ALTER TABLE " + table + " DROP COLUMN old, ADD COLUMN fresh DECIMAL(9,2) NOT NULL",
        "DELETE FROM " + table + " WHERE id = 2",
        "INSERT INTO " + table + " VALUES (4, 4.5)");

    IngestRun again = IngestRun.of(flags);

    assertThat(again.status()).as(again.err()).isZero();
    assertSame(SHOP, table, file, "crm.\"the copy\"");
    assertThat(TableRows.tables(file)).containsExactly("crm.the copy|");
  }

  @ParameterizedTest
  @EnumSource
  void anEmptyTableArrivesWithItsColumns(EmbeddedRunner runner) throws SQLException {
    Path file = folder.resolve("empty.duckdb");
    String table = VITESS.newTable("empty");
    VITESS.execute(SHOP, "CREATE TABLE " + table + " (id INT PRIMARY KEY, n DECIMAL(50,3))");

    IngestRun run = IngestRun.load(runner, VITESS.uriText(SHOP), table, file);

    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.out()).startsWith("Loaded 0 rows");
    assertThat(
            TableRows.ofDuckDb(
                file, "SELECT column_name, data_type, is_nullable FROM information_schema.columns"))
        .containsExactly("id|INTEGER|NO|", "n|VARCHAR|YES|");
  }

  @Test
  void aTableWithoutAKeyKeepsItsDuplicates() throws SQLException {
    Path file = folder.resolve("keyless.duckdb");
    String table = VITESS.newTable("keyless");
    VITESS.execute(SHOP, "CREATE TABLE " + table + " (a INT, b VARCHAR(9))");
    VITESS.execute(SHOP, "INSERT INTO " + table + " VALUES (1,'x'),(1,'x'),(NULL,NULL),(2,'')");

    IngestRun run = IngestRun.load(EmbeddedRunner.DIRECT, VITESS.uriText(SHOP), table, file);

    assertThat(run.status()).as(run.err()).isZero();
    assertSame(SHOP, table, file, table);
  }

  @ParameterizedTest
  @EnumSource
  void oddNamesArriveAsTheyAre(EmbeddedRunner runner) throws SQLException {
    Path file = folder.resolve("it's a \"file\".duckdb");
    String table = "select `\"'. ü-" + VITESS.newTable("x");
    String quoted = "`" + table.replace("`", "``") + "`";
    VITESS.execute(
        SHOP + ":0",
        "CREATE TABLE " + quoted + " (`order` INT, `a \"b\".c` TEXT, `é'` INT, PRIMARY KEY (`é'`))",
        "INSERT INTO " + quoted + " VALUES (1, 'x', 2), (3, 'y', 4)");

    IngestRun run =
        IngestRun.on(
            runner,
            "--source-uri=" + VITESS.uriText(SHOP),
            "--source-table=shop." + quoted,
            "--dest-table=main.\"group.by\"",
            "--dest-uri=duckdb:///" + file.toString().replace(" ", "%20"));

    assertThat(run.status()).as(run.err()).isZero();
    assertThat(
            TableRows.ofDuckDb(
                file, "SELECT \"order\", \"a \"\"b\"\".c\", \"é'\" FROM \"group.by\""))
        .containsExactly("1|x|2|", "3|y|4|");
  }

  private static void assertSame(String keyspace, String table, Path file, String copy)
      throws SQLException {
    List<String> expected;
    try (Connection connection = VITESS.connect(keyspace)) {
      expected = TableRows.ofVitess(connection, "SELECT * FROM `" + table + "`");
    }
    assertThat(TableRows.ofDuckDb(file, "SELECT * FROM " + copy)).isEqualTo(expected);
  }
}
