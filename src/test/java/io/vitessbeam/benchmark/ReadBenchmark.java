package io.vitessbeam.benchmark;

import io.vitessbeam.connect.VitessUri;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;

/**
 * W1: a table of Vitess into a DuckDB file by {@code pipelines/ingest}, against the raw limit,
 * which is taken in the same run. Every figure is of a whole process, from its start to its end;
 * the contestants take turns, and the median of the runs counts.
 */
public final class ReadBenchmark {

  private static final int[] RAW_CONNECTIONS = {1, 2, 4};

  private final VitessUri uri;
  private final Programs programs;
  private final int runs;

  private ReadBenchmark(VitessUri uri, Programs programs, int runs) {
    this.uri = uri;
    this.programs = programs;
    this.runs = runs;
  }

  /** Runs it: {@code ReadBenchmark URI HOME WORK RUNS ROWS...}, HOME being the project's folder. */
  public static void main(String[] args) throws IOException, InterruptedException, SQLException {
    ReadBenchmark benchmark =
        new ReadBenchmark(
            VitessUri.parse(args[0]),
            new Programs(Path.of(args[1]), Path.of(args[2]), List.of()),
            Integer.parseInt(args[3]));
    for (int i = 4; i < args.length; i++) {
      benchmark.measure(Long.parseLong(args[i]));
    }
  }

  private void measure(long rows) throws IOException, InterruptedException, SQLException {
    String table = "events_" + rows;
    System.out.printf(Locale.ROOT, "%n%,d rows: making the table%n", rows);
    new EventsTable(uri, table).create(rows);
    Results results = new Results(rows, "rows");
    String source = uri.address().hostAndPort() + "/" + uri.keyspace();
    for (int run = 1; run <= runs; run++) {
      for (int connections : RAW_CONNECTIONS) {
        results.add(
            "raw reader, " + connections + " connections",
            programs.raw(RawReader.class, source, table, rows, connections));
      }
      results.add("ingest, direct runner", ingest(table, "DirectRunner"));
      results.add("ingest, embedded Flink", ingest(table, "FlinkRunner"));
    }
    results.print();
  }

  private Measured ingest(String table, String runner) throws IOException, InterruptedException {
    Path file = programs.work().resolve(table + ".duckdb");
    Files.deleteIfExists(file);
    return programs.ingest(uri.toString(), table, file, runner);
  }
}
