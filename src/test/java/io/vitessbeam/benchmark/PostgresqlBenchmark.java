package io.vitessbeam.benchmark;

import io.vitessbeam.connect.VitessUri;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;

/**
 * W6: a table of Vitess into a new table of PostgreSQL by {@code pipelines/ingest}, against the raw
 * limit, which is taken in the same run. Measured as {@link ReadBenchmark} does; after every run
 * what the table holds is compared with the source.
 */
public final class PostgresqlBenchmark {

  private static final int[] RAW_CONNECTIONS = {1, 4};

  private final VitessUri uri;
  private final URI target;
  private final Programs programs;
  private final int runs;

  private PostgresqlBenchmark(VitessUri uri, URI target, Programs programs, int runs) {
    this.uri = uri;
    this.target = target;
    this.programs = programs;
    this.runs = runs;
  }

  /**
   * Runs it: {@code PostgresqlBenchmark URI TARGET HOME WORK RUNS ROWS}, HOME being the project's
   * folder.
   */
  public static void main(String[] args) throws IOException, InterruptedException, SQLException {
    new PostgresqlBenchmark(
            VitessUri.parse(args[0]),
            URI.create(args[1]),
            new Programs(Path.of(args[2]), Path.of(args[3]), List.of()),
            Integer.parseInt(args[4]))
        .measure(Long.parseLong(args[5]));
  }

  private void measure(long rows) throws IOException, InterruptedException, SQLException {
    System.out.printf(Locale.ROOT, "%n%,d rows: making the table%n", rows);
    new EventsTable(uri, "events").create(rows);
    Contents expected = Contents.ofSource(uri, "events");
    Results results = new Results(rows, "rows");
    String source = uri.address().hostAndPort() + "/" + uri.keyspace();
    for (int run = 1; run <= runs; run++) {
      results.add("ingest, direct runner", ingest("DirectRunner"));
      check("loaded", expected);
      results.add("ingest, embedded Flink", ingest("FlinkRunner"));
      check("loaded", expected);
      for (int connections : RAW_CONNECTIONS) {
        execute("DROP TABLE IF EXISTS raw", "CREATE TABLE raw (LIKE loaded)", "CHECKPOINT");
        results.add(
            "raw copy, " + connections + " connections",
            programs.raw(RawCopy.class, source, "events", jdbcUrl(), "raw", rows, connections));
        check("raw", expected);
      }
    }
    results.print();
  }

  private Measured ingest(String runner) throws IOException, InterruptedException, SQLException {
    execute("DROP TABLE IF EXISTS loaded", "CHECKPOINT");
    return programs.ingest(
        "--source-uri=" + uri,
        "--source-table=events",
        "--dest-uri=" + target,
        "--dest-table=public.loaded",
        "--runner=" + runner);
  }

  private String jdbcUrl() {
    String[] user = target.getUserInfo().split(":", 2);
    return "jdbc:postgresql://%s:%d%s?user=%s&password=%s"
        .formatted(target.getHost(), target.getPort(), target.getPath(), user[0], user[1]);
  }

  private void check(String table, Contents expected) throws SQLException {
    Contents contents = Contents.ofPostgresql(jdbcUrl(), table);
    if (!contents.equals(expected)) {
      throw new IllegalStateException(table + " holds " + contents + " instead of " + expected);
    }
  }

  private void execute(String... statements) throws SQLException {
    try (Connection connection = DriverManager.getConnection(jdbcUrl());
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }
}
