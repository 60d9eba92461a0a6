package io.vitessbeam.pipelines;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitessbeam.testing.OnEachRunner;
import io.vitessbeam.testing.TableRows;
import io.vitessbeam.testing.TestMysql;
import io.vitessbeam.testing.TestPipelines.EmbeddedRunner;
import io.vitessbeam.testing.TestPostgresql;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole tables of every kind of source into DuckDB, by the command. */
class IngestSourcesIT {

  /**
   * Of every source the same: beyond a block, with NULLs, text beyond ASCII, dates and decimals.
   */
  private static final int ROWS = 50_000;

  private static final String EXPECTED =
      "SELECT i::BIGINT, CASE WHEN i % 7 = 0 THEN NULL ELSE 'ä😀' || i END,"
          + " (i / 8)::DECIMAL(20,4), TIMESTAMP '2024-01-01' + i * INTERVAL 1 SECOND,"
          + " DATE '2000-01-01' + (i % 9999)::INTEGER, i / 4.0::DOUBLE FROM range("
          + ROWS
          + ") t(i)";

  private static final String COPIED =
      "SELECT id, note, amount::DECIMAL(20,4), \"at\"::TIMESTAMP, day, ratio FROM ";

  @TempDir private Path folder;

  private Path file() {
    return folder.resolve("to.duckdb");
  }

  private void assertAll(IngestRun run, String table) throws SQLException {
    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.out()).startsWith("Loaded 50,000 rows of ");
    assertThat(TableRows.ofDuckDb(file(), COPIED + table))
        .isEqualTo(TableRows.ofDuckDb(file(), EXPECTED));
  }

  @OnEachRunner
  void mysql(EmbeddedRunner runner) throws SQLException {
    TestMysql server = TestMysql.shared();
    String table = server.newTable("sources");
    StringBuilder digits = new StringBuilder("(SELECT 0 AS d");
    for (int d = 1; d < 10; d++) {
      digits.append(" UNION ALL SELECT ").append(d);
    }
    digits.append(')');
    server.execute(
        "CREATE TABLE "
            + table
            + " (id BIGINT PRIMARY KEY, note VARCHAR(40) CHARACTER SET utf8mb4, amount"
            + " DECIMAL(20,4), at DATETIME, day DATE, ratio DOUBLE)",
        "INSERT INTO "
            + table
            + " SELECT i, IF(i % 7 = 0, NULL, CONCAT('ä😀', i)), i / 8,"
            + " '2024-01-01' + INTERVAL i SECOND, '2000-01-01' + INTERVAL i % 9999 DAY, i / 4"
            + " FROM (SELECT a.d + 10 * b.d + 100 * c.d + 1000 * e.d + 10000 * f.d AS i FROM "
            + digits
            + " a, "
            + digits
            + " b, "
            + digits
            + " c, "
            + digits
            + " e, "
            + digits
            + " f) n WHERE i < "
            + ROWS);

    assertAll(IngestRun.load(runner, server.uri(), table, file()), table);
  }

  @OnEachRunner
  void postgresql(EmbeddedRunner runner) throws SQLException {
    TestPostgresql server = TestPostgresql.shared();
    String table = server.newTable("sources");
    server.execute(
        "CREATE TABLE "
            + table
            + " (id bigint PRIMARY KEY, note text, amount numeric(20,4), at timestamp, day date,"
            + " ratio double precision)",
        "INSERT INTO "
            + table
            + " SELECT i, CASE WHEN i % 7 <> 0 THEN 'ä😀' || i END, i / 8.0,"
            + " '2024-01-01'::timestamp + i * interval '1 second', '2000-01-01'::date + i % 9999,"
            + " i / 4.0 FROM generate_series(0, "
            + (ROWS - 1)
            + ") i");

    assertAll(IngestRun.load(runner, server.uri(), table, file()), table);
    assertAll(
        IngestRun.load(
            runner, server.uri(), "query:SELECT * FROM " + table, file(), "--dest-table=q"),
        "q");
  }

  @OnEachRunner
  void duckDbAndFiles(EmbeddedRunner runner) throws SQLException {
    Path source = folder.resolve("from.duckdb");
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:" + source);
        Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE TABLE t (id, note, amount, \"at\", day, ratio) AS "
              + EXPECTED.replace("SELECT i::BIGINT", "SELECT i::BIGINT AS id"));
      statement.execute("COPY t TO '" + folder + "/t.csv' (HEADER)");
      statement.execute("COPY t TO '" + folder + "/t.jsonl' (FORMAT json)");
      statement.execute("COPY t TO '" + folder + "/t.parquet' (FORMAT parquet)");
    }

    assertAll(IngestRun.load(runner, "duckdb:///" + source, "t", file()), "t");
    for (String format : List.of("csv", "jsonl", "parquet")) {
      IngestRun run =
          IngestRun.on(
              runner,
              "--source-uri=" + format + "://" + folder + "/t." + format,
              "--dest-table=" + format + ".t",
              "--dest-uri=duckdb:///" + file());
      assertAll(run, format + ".t");
    }
  }

  /** The new type is made of what stands in the file. */
  @Test
  void columnsOfFiles() throws IOException, SQLException {
    Files.writeString(
        folder.resolve("x.csv"), "n,price,day\n1.50,1.5,2024-01-31\n2,2,2024-02-29\n");

    IngestRun run =
        IngestRun.on(
            EmbeddedRunner.DIRECT,
            "--source-uri=csv://" + folder + "/x.csv",
            "--dest-uri=duckdb:///" + file(),
            "--columns=n:text,price:decimal(9,2),at:timestamp_ntz:day");

    assertThat(run.status()).as(run.err()).isZero();
    assertThat(
            TableRows.ofDuckDb(
                file(), "SELECT n, CAST(price AS VARCHAR), CAST(\"at\" AS VARCHAR) FROM x"))
        .isEqualTo(
            TableRows.ofDuckDb(
                file(),
                "VALUES ('1.50', '1.50', '2024-01-31 00:00:00'), ('2', '2.00', '2024-02-29"
                    + " 00:00:00')"));
  }

  @Test
  void mistakesGiveOneLineAndNothingElse() throws IOException {
    Files.writeString(folder.resolve("x.csv"), "a\n1\n");
    List<String> before = List.of("x.csv");

    for (List<String> flagsAndMessage :
        List.of(
            List.of(TestPostgresql.shared().uri("no"), "t", "wrong user name or password"),
            List.of(TestPostgresql.shared().uri(), "nope", "Schema public has no table nope"),
            List.of(TestMysql.shared().uri("no"), "t", "wrong user name or password"),
            List.of(TestMysql.shared().uri(), "nope", "Database shop has no table nope"),
            List.of("csv://" + folder + "/y.csv", "t", "There is no file"),
            List.of("duckdb:///" + folder + "/y.duckdb", "t", "There is no DuckDB file"))) {
      IngestRun run =
          IngestRun.load(
              EmbeddedRunner.DIRECT, flagsAndMessage.get(0), flagsAndMessage.get(1), file());

      assertThat(run.status()).isEqualTo(1);
      assertThat(run.err()).contains(flagsAndMessage.get(2)).hasLineCount(1);
      assertThat(run.out()).isEmpty();
      assertThat(folder.toFile().list()).containsExactlyElementsOf(before);
    }
  }

  @Test
  void aValueThatMysqlCannotHoldLeavesNothing() {
    IngestRun run =
        IngestRun.load(
            EmbeddedRunner.DIRECT,
            TestPostgresql.shared().uri(),
            "query:SELECT i, CASE WHEN i = 90000 THEN 'NaN'::numeric ELSE 1 END AS n"
                + " FROM generate_series(1, 100000) i",
            file(),
            "--dest-table=bad");

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err()).contains("Column n of shop.query, value 'NaN'");
    assertThat(folder).isEmptyDirectory();
  }
}
