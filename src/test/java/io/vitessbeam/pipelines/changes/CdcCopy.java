package io.vitessbeam.pipelines.changes;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitessbeam.pipelines.IngestRun;
import io.vitessbeam.testing.TableRows;
import io.vitessbeam.testing.TestPipelines.EmbeddedRunner;
import io.vitessbeam.testing.TestVitess;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** A DuckDB file that follows tables of a keyspace of the shared Vitess by {@code ingest}. */
record CdcCopy(EmbeddedRunner runner, String keyspace, Path file) {

  static final List<String> ADDED = List.of("_cdc_lsn", "_cdc_deleted", "_cdc_synced_at");

  private static final TestVitess VITESS = TestVitess.shared();

  static CdcCopy of(EmbeddedRunner runner, String keyspace, Path folder) {
    return new CdcCopy(runner, keyspace, folder.resolve("copy.duckdb"));
  }

  /** {@code vitess+cdc://…} of a keyspace of the shared Vitess. */
  static String uri(String keyspace) {
    return "vitess+cdc://%s:%d/%s?grpc_port=%d"
        .formatted(VITESS.host(), VITESS.port(), keyspace, VITESS.grpcPort());
  }

  /** The flag by which a keyspace of the shared Vitess is copied by VStream. */
  static String copiedByVStream(String keyspace) {
    return "--source-uri=" + uri(keyspace) + "&copy=vstream";
  }

  /** Runs it for one table, which must succeed, and gives its last lines. */
  String sync(String table, String... more) {
    IngestRun run = trySync(table, more);
    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.err()).doesNotContain("Exception");
    return run.out();
  }

  /** Runs it for some tables of the keyspace, which must succeed. */
  String syncAll(List<String> tables, String... more) {
    IngestRun run = trySyncAll(tables, more);
    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.err()).doesNotContain("Exception");
    return run.out();
  }

  /** Runs it for one table, named as on the command line. */
  IngestRun trySync(String table, String... more) {
    return run(more, "--source-table=" + table);
  }

  IngestRun trySyncAll(List<String> tables, String... more) {
    return run(more, "--include-tables=" + String.join(",", tables));
  }

  private IngestRun run(String[] more, String tables) {
    List<String> flags = new ArrayList<>(List.of(more));
    if (flags.stream().noneMatch(flag -> flag.startsWith("--source-uri"))) {
      flags.add("--source-uri=" + uri(keyspace));
    }
    flags.add(tables);
    flags.add("--dest-uri=duckdb:///" + file);
    return IngestRun.on(runner, flags.toArray(String[]::new));
  }

  /** Live rows of the copies are the rows of their sources, column by column. */
  void assertSame(String... tables) throws SQLException {
    for (String table : tables) {
      assertSameIn("main." + quoted(table, "\""), table);
    }
  }

  /** The same of a copy that is called otherwise. */
  void assertSameIn(String copy, String table) throws SQLException {
    String source = quoted(table, "`");
    List<String> expected;
    List<String> columns = new ArrayList<>();
    try (Connection connection = VITESS.connect(keyspace);
        Statement statement = connection.createStatement()) {
      // Not in the OLAP workload, in which a LIMIT over several shards ends the connection.
      try (ResultSet row = statement.executeQuery("SELECT * FROM " + source + " LIMIT 0")) {
        for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
          columns.add(quoted(row.getMetaData().getColumnName(i), "\""));
        }
      }
      expected = TableRows.ofVitess(connection, "SELECT * FROM " + source);
    }
    assertThat(
            TableRows.ofDuckDb(
                file,
                "SELECT "
                    + String.join(", ", columns)
                    + " FROM "
                    + copy
                    + " WHERE NOT _cdc_deleted"))
        .as(table)
        .isEqualTo(expected);
  }

  List<String> rows(String sql) throws SQLException {
    return TableRows.ofDuckDb(file, sql);
  }

  /** All rows with their orders, deleted ones too; without the time of the merge. */
  List<String> state(String table) throws SQLException {
    return rows("SELECT * EXCLUDE (_cdc_synced_at) FROM " + quoted(table, "\""));
  }

  /** All rows of a table with the time of the merge. */
  List<String> everything(String table) throws SQLException {
    return rows("SELECT COLUMNS(*)::VARCHAR FROM " + quoted(table, "\""));
  }

  /** Keys of the rows that are marked as deleted. */
  List<String> deleted(String table) throws SQLException {
    return rows("SELECT id FROM " + quoted(table, "\"") + " WHERE _cdc_deleted");
  }

  /** Changes the file by hand. */
  void execute(String... statements) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:" + file);
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  /** Drops whatever is in the file but the copies of these tables, which is the positions. */
  void dropPositions(String... tables) throws SQLException {
    Set<String> ours = new TreeSet<>(Arrays.asList(tables));
    List<String> others =
        TableRows.tables(file).stream()
            .map(name -> name.substring(0, name.length() - 1))
            .filter(name -> !ours.contains(name.substring(name.indexOf('.') + 1)))
            .toList();
    assertThat(others).as("tables beside the copies").isNotEmpty();
    execute(
        others.stream()
            .map(
                name ->
                    Arrays.stream(name.split("\\.", 2))
                        .map(part -> quoted(part, "\""))
                        .collect(Collectors.joining(".", "DROP TABLE ", "")))
            .toArray(String[]::new));
  }

  static String quoted(String name, String quote) {
    return quote + name.replace(quote, quote + quote) + quote;
  }
}
