package io.vitessbeam.pipelines;

import static io.vitessbeam.testing.TestVitess.SHOP;
import static org.assertj.core.api.Assertions.assertThat;

import io.vitessbeam.testing.OnEachRunner;
import io.vitessbeam.testing.TableRows;
import io.vitessbeam.testing.TestPipelines.EmbeddedRunner;
import io.vitessbeam.testing.TestPostgresql;
import io.vitessbeam.testing.TestVitess;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tables of a real Vitess, and a large one, into a real PostgreSQL by the command. */
class IngestPostgresqlIT {

  private static final TestVitess VITESS = TestVitess.shared();
  private static final TestPostgresql SERVER = TestPostgresql.shared();

  @TempDir private Path folder;

  private static String create() throws SQLException {
    String table = VITESS.newTable("orders");
    VITESS.execute(
        SHOP,
        "CREATE TABLE "
            + table
            + " (id BIGINT UNSIGNED, part VARBINARY(9), name VARCHAR(20), at DATETIME(6),"
            + " PRIMARY KEY (id, part))",
        "INSERT INTO "
            + table
            + " VALUES (1, X'00', 'one', '2024-01-01'), (18446744073709551615, X'FF', 'É😀',"
            + " '2024-01-02 03:04:05.678901'), (2, '', NULL, '2024-01-03')");
    return table;
  }

  private static IngestRun run(EmbeddedRunner runner, String source, String... more) {
    List<String> flags = new ArrayList<>(List.of(more));
    flags.add("--source-uri=" + source);
    if (flags.stream().noneMatch(flag -> flag.startsWith("--dest-uri"))) {
      flags.add("--dest-uri=" + SERVER.uri());
    }
    return IngestRun.on(runner, flags.toArray(String[]::new));
  }

  private static String load(EmbeddedRunner runner, String table, String... more) {
    List<String> flags = new ArrayList<>(List.of(more));
    flags.add("--source-table=" + table);
    IngestRun run = run(runner, VITESS.uriText(SHOP), flags.toArray(String[]::new));
    assertThat(run.status()).as(run.err()).isZero();
    return run.out();
  }

  private static List<String> source(String table) throws SQLException {
    try (Connection connection = VITESS.connect(SHOP)) {
      return TableRows.ofVitess(connection, "SELECT * FROM " + table);
    }
  }

  private static List<String> copied(String table) throws SQLException {
    return TableRows.ofPostgresql("SELECT id, part, name, at FROM " + table);
  }

  @OnEachRunner
  void replace(EmbeddedRunner runner) throws SQLException {
    String table = create();
    assertThat(load(runner, table))
        .startsWith("Loaded 3 rows of shop." + table + " into postgresql://127.0.0.1:")
        .contains("/shop public." + table)
        .doesNotContain("beam:beam");
    assertThat(copied(table)).isEqualTo(source(table));
    VITESS.execute(SHOP, "DELETE FROM " + table + " WHERE id = 1");
    load(runner, table);
    assertThat(copied(table)).isEqualTo(source(table)).hasSize(2);
  }

  @OnEachRunner
  void mergeAndAppend(EmbeddedRunner runner) throws SQLException {
    String table = create();
    String[] merge = {"--incremental-strategy=merge", "--dest-table=lake." + table};
    assertThat(load(runner, table, merge)).contains("Loaded 3 rows").contains("by merge");
    String[] append = {"--incremental-strategy=append", "--dest-table=lake.all_" + table};
    load(runner, table, append);
    VITESS.execute(
        SHOP,
        "UPDATE " + table + " SET name = 'changed' WHERE id = 1",
        "INSERT INTO " + table + " VALUES (1, X'01', 'another part', NULL)");
    load(runner, table, merge);
    load(runner, table, append);

    assertThat(copied("lake." + table)).isEqualTo(source(table));
    assertThat(copied("lake.all_" + table)).hasSize(7).containsAll(source(table));
  }

  @Test
  void rowsWithoutRoomAreLeftOutAndCounted() throws SQLException {
    String table = create();
    SERVER.execute(
        "CREATE TABLE "
            + table
            + " (id numeric(20), part bytea, name varchar(2), at timestamp(6),"
            + " PRIMARY KEY (id, part))");

    assertThat(
            load(
                EmbeddedRunner.DIRECT,
                table,
                "--incremental-strategy=merge",
                "--schema-contract=discard_row"))
        .contains("Loaded 2 rows", "; 1 row for which it has no room left out");

    assertThat(copied(table))
        .isEqualTo(source(table).stream().filter(row -> !row.contains("|one|")).toList());
  }

  @OnEachRunner
  void deleteInsertAndScd2(EmbeddedRunner runner) throws SQLException {
    String table = create();
    String versions = "versions_" + table;
    load(runner, table);
    load(runner, table, "--incremental-strategy=scd2", "--dest-table=" + versions);
    VITESS.execute(
        SHOP,
        "DELETE FROM " + table + " WHERE id = 2",
        "UPDATE " + table + " SET name = 'late' WHERE id > 2",
        "INSERT INTO " + table + " VALUES (7, '', 'new', '2024-01-31')");
    String[] interval = {
      "--incremental-strategy=delete+insert",
      "--incremental-key=at",
      "--interval-start=2024-01-02",
      "--interval-end=2024-01-31"
    };
    assertThat(load(runner, table, interval)).contains("Loaded 2 rows").contains("delete+insert");
    load(runner, table, "--incremental-strategy=scd2", "--dest-table=" + versions);

    assertThat(copied(table)).isEqualTo(source(table));
    assertThat(copied(versions + " WHERE _scd_is_current")).isEqualTo(source(table));
    assertThat(
            TableRows.ofPostgresql(
                "SELECT id, name FROM " + versions + " WHERE NOT _scd_is_current"))
        .containsExactly("18446744073709551615|É😀|", "2|NULL|");
  }

  @OnEachRunner
  void aLargeTableArrivesWhole(EmbeddedRunner runner) throws SQLException {
    String rows =
        "SELECT i AS id, CASE WHEN i % 7 = 0 THEN NULL ELSE 'ä😀' || i END AS note,"
            + " (i / 8)::DECIMAL(20,4) AS amount,"
            + " TIMESTAMP '2024-01-01' + i * INTERVAL 1001 MILLISECOND AS at, i / 4.0::DOUBLE AS"
            + " ratio, repeat('x', (i % 200)::INTEGER)::BLOB AS bytes FROM range(300000) t(i)";
    Path source = folder.resolve("from.duckdb");
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:" + source);
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE t AS " + rows);
    }
    String table = SERVER.newTable("large");
    for (int time = 0; time < 2; time++) {
      IngestRun run =
          run(runner, "duckdb:///" + source, "--source-table=t", "--dest-table=" + table);
      assertThat(run.status()).as(run.err()).isZero();
      assertThat(run.out()).startsWith("Loaded 300,000 rows");
    }

    assertThat(TableRows.ofPostgresql("SELECT * FROM " + table))
        .isEqualTo(TableRows.ofDuckDb(source, rows));
  }

  @Test
  void mistakesGiveOneLineAndNothingElse() throws SQLException {
    String table = create();
    String nobody = SERVER.newTable("nobody");
    SERVER.execute("CREATE ROLE " + nobody + " LOGIN PASSWORD 'x'", "CREATE VIEW v AS SELECT 1");
    String user = "postgresql://" + nobody + ":x@127.0.0.1:" + SERVER.port() + "/shop";
    List<String> before = tables();

    for (List<String> destinationAndMessage :
        List.of(
            List.of("postgresql://u:secret@127.0.0.1:1/shop", "t", "nothing listens there"),
            List.of(SERVER.uri("secret"), "t", "wrong user name or password"),
            List.of(SERVER.uri() + "s", "t", "Database shops doesn't exist"),
            List.of(SERVER.uri() + "?sslmode=require", "t", "TLS with"),
            List.of(user, "t", "no right to USAGE and CREATE on the schema public"),
            List.of(user, "mine.t", "permission denied for database shop"),
            List.of(SERVER.uri(), "v", "public.v is a view"),
            List.of(SERVER.uri(), "x".repeat(64), "names have at most 63 bytes"))) {
      IngestRun run =
          run(
              EmbeddedRunner.DIRECT,
              VITESS.uriText(SHOP),
              "--source-table=" + table,
              "--dest-uri=" + destinationAndMessage.get(0),
              "--dest-table=" + destinationAndMessage.get(1));
      assertThat(run.status()).isEqualTo(1);
      assertThat(run.err()).contains(destinationAndMessage.get(2)).doesNotContain("secret");
      assertThat(withoutProgress(run)).hasSize(1);
      assertThat(tables()).isEqualTo(before);
    }
  }

  /** On a busy machine a run is not over before it tells how far it is. */
  private static List<String> withoutProgress(IngestRun run) {
    return run.err().lines().filter(line -> !line.contains("no rows yet")).toList();
  }

  private static List<String> tables() throws SQLException {
    return TableRows.ofPostgresql(
        "SELECT table_schema, table_name FROM information_schema.tables"
            + " WHERE table_schema NOT IN ('pg_catalog', 'information_schema')");
  }

  @Test
  void aTextWithNulIsNamedAndLeavesNothing() throws SQLException {
    String table = VITESS.newTable("nul");
    VITESS.execute(
        SHOP,
        "CREATE TABLE " + table + " (id INT PRIMARY KEY, note TEXT)",
        "INSERT INTO " + table + " VALUES (1, 'a'), (2, 'b\\0c')");
    List<String> before = tables();
    IngestRun run = run(EmbeddedRunner.DIRECT, VITESS.uriText(SHOP), "--source-table=" + table);

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err())
        .contains("Column note of shop." + table + ", row (id='2'), value 'b\\0c'")
        .contains("the character NUL");
    assertThat(withoutProgress(run)).hasSize(1);
    assertThat(tables()).isEqualTo(before);
  }
}
