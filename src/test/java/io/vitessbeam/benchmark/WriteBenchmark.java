package io.vitessbeam.benchmark;

import io.vitessbeam.connect.VitessUri;
import io.vitessbeam.connect.Vtgate;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;

/**
 * A DuckDB file into Vitess by {@code pipelines/ingest}, against the raw limit, which is taken in
 * the same run. W4: a table is replaced; W5: a tenth of its rows are merged into it, three quarters
 * of them with keys that it has. Measured as {@link ReadBenchmark} does; after every run what the
 * table holds is compared with the source.
 */
public final class WriteBenchmark {

  private static final int CONNECTIONS = 4;
  private static final String COLUMNS =
      "user_id, kind, country, amount, score, created, day, flag, quantity, note, token";

  private final VitessUri uri;
  private final Programs programs;
  private final int runs;
  private final EventsFile file;

  private WriteBenchmark(VitessUri uri, Programs programs, int runs) {
    this.uri = uri;
    this.programs = programs;
    this.runs = runs;
    this.file = new EventsFile(programs.work().resolve("source.duckdb"));
  }

  /** Runs it: {@code WriteBenchmark URI HOME WORK RUNS ROWS}, HOME being the project's folder. */
  public static void main(String[] args) throws IOException, InterruptedException, SQLException {
    new WriteBenchmark(
            VitessUri.parse(args[0]),
            new Programs(Path.of(args[1]), Path.of(args[2]), List.of()),
            Integer.parseInt(args[3]))
        .measure(Long.parseLong(args[4]));
  }

  private void measure(long rows) throws IOException, InterruptedException, SQLException {
    long changes = rows / 10;
    long fresh = changes / 4;
    System.out.printf(Locale.ROOT, "%n%,d rows: making the file%n", rows);
    file.create("events", 1, rows, 0);
    file.create("changes", rows + fresh - changes + 1, rows + fresh, 1);
    file.execute(
        "CREATE VIEW merged AS FROM events WHERE id NOT IN (SELECT id FROM changes)"
            + " UNION ALL FROM changes");
    Results replaced = new Results(rows, "rows");
    Results merged = new Results(changes, "rows");
    for (int run = 1; run <= runs; run++) {
      replaced.add("ingest, replace", ingest("events", "replace"));
      check("loaded", "events");
      execute("DROP TABLE IF EXISTS raw", "CREATE TABLE raw LIKE loaded");
      replaced.add("raw writer, 4 connections", raw("events", rows));
      check("raw", "events");
      merged.add("ingest, merge", ingest("changes", "merge"));
      check("loaded", "merged");
      merged.add("raw writer, 4 connections", raw("changes", changes, update()));
      check("raw", "merged");
    }
    replaced.print();
    merged.print();
  }

  private Measured ingest(String source, String strategy) throws IOException, InterruptedException {
    return programs.ingest(
        "--source-uri=duckdb:///" + file.file(),
        "--source-table=" + source,
        "--dest-uri=" + uri,
        "--dest-table=" + uri.keyspace() + ".loaded",
        "--incremental-strategy=" + strategy);
  }

  private Measured raw(String source, long rows, Object... update)
      throws IOException, InterruptedException {
    Object[] arguments = new Object[6 + update.length];
    arguments[0] = file.file();
    arguments[1] = source;
    arguments[2] = uri.address().hostAndPort() + "/" + uri.keyspace();
    arguments[3] = "raw";
    arguments[4] = rows;
    arguments[5] = CONNECTIONS;
    System.arraycopy(update, 0, arguments, 6, update.length);
    return programs.raw(RawWriter.class, arguments);
  }

  private static String update() {
    StringBuilder update = new StringBuilder(" ON DUPLICATE KEY UPDATE ");
    for (String column : COLUMNS.split(", ", -1)) {
      update.append(column).append(" = VALUES(").append(column).append("), ");
    }
    return update.substring(0, update.length() - 2);
  }

  private void check(String table, String source) throws SQLException {
    Contents expected = Contents.ofFile(file.file(), source);
    Contents contents = Contents.ofSource(uri, table);
    if (!contents.equals(expected)) {
      throw new IllegalStateException(
          table + " holds " + contents + " instead of " + expected + " of " + source);
    }
  }

  private void execute(String... statements) throws SQLException {
    Vtgate vtgate = new Vtgate(uri);
    try (Connection connection = vtgate.lookUp(vtgate.shards().get(0));
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }
}
