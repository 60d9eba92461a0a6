package io.vitessbeam.benchmark;

import io.vitessbeam.connect.VitessUri;
import io.vitessbeam.connect.Vtgate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;

/**
 * Change data capture into a DuckDB file by {@code pipelines/ingest}, against the raw limit, which
 * is taken in the same run. W2: the first copy of a table; W3: catching up with changes that were
 * made since. Measured as {@link ReadBenchmark} does; after every run of {@code ingest}, what the
 * destination holds is compared with the source.
 */
public final class CdcBenchmark {

  /** As ingest: C2 took the raw stream a second of CPU for 800,000 rows, and gained nothing. */
  private static final List<String> RAW_FLAGS = List.of("-XX:TieredStopAtLevel=1");

  private static final int[] RAW_CONNECTIONS = {1, 4};

  private static final Map<String, String> RUNNERS =
      new TreeMap<>(Map.of("direct runner", "DirectRunner", "embedded Flink", "FlinkRunner"));

  private final VitessUri uri;
  private final int grpcPort;
  private final Programs programs;
  private final int runs;
  private final long rows;
  private final String table;

  private CdcBenchmark(VitessUri uri, int grpcPort, Programs programs, int runs, long rows) {
    this.uri = uri;
    this.grpcPort = grpcPort;
    this.programs = programs;
    this.runs = runs;
    this.rows = rows;
    this.table = "cdc_events_" + rows;
  }

  /**
   * Runs it: {@code CdcBenchmark URI GRPC_PORT HOME WORK RUNS ROWS CHANGES}, HOME being the
   * project's folder.
   */
  public static void main(String[] args)
      throws IOException, InterruptedException, SQLException, ExecutionException {
    CdcBenchmark benchmark =
        new CdcBenchmark(
            VitessUri.parse(args[0]),
            Integer.parseInt(args[1]),
            new Programs(Path.of(args[2]), Path.of(args[3]), RAW_FLAGS),
            Integer.parseInt(args[4]),
            Long.parseLong(args[5]));
    benchmark.measure(Long.parseLong(args[6]));
  }

  private void measure(long changes)
      throws IOException, InterruptedException, SQLException, ExecutionException {
    EventsTable events = new EventsTable(uri, table);
    EventChanges maker = new EventChanges(uri, events, rows, changes);
    System.out.printf(Locale.ROOT, "%nW2, %,d rows: making the table%n", rows);
    events.create(rows);
    Path copied = copy();
    String from = EventChanges.executed(uri);
    System.out.printf(Locale.ROOT, "%nW3, %,d changes: making them%n", changes);
    maker.make();
    follow(copied, from, changes, maker.deleted());
  }

  /** W2; each of the two ways to copy has a raw limit of its own. Returns the last copy. */
  private Path copy() throws IOException, InterruptedException, SQLException {
    Contents expected = Contents.ofSource(uri, table);
    Path file = programs.work().resolve(table + ".duckdb");
    Results olap = new Results(rows, "rows");
    Results stream = new Results(rows, "rows");
    for (int run = 1; run <= runs; run++) {
      for (int connections : RAW_CONNECTIONS) {
        olap.add(
            "raw reader, " + connections + " connections",
            programs.raw(
                RawReader.class,
                uri.address().hostAndPort() + "/" + uri.keyspace(),
                table,
                rows,
                connections));
      }
      stream.add("raw stream, copy", rawStream(rows));
      for (Map.Entry<String, String> runner : RUNNERS.entrySet()) {
        delete(file);
        stream.add(
            "ingest, copy=vstream, " + runner.getKey(),
            ingest("&copy=vstream", file, runner.getValue()));
        check(file, expected, 0);
        delete(file);
        olap.add("ingest, " + runner.getKey(), ingest("", file, runner.getValue()));
        check(file, expected, 0);
      }
    }
    olap.print();
    olap.printRatios();
    stream.print();
    stream.printRatios();
    return file;
  }

  /** W3; every run begins with a file as the first copy left it. */
  private void follow(Path copied, String from, long changes, long deleted)
      throws IOException, InterruptedException, SQLException {
    String until = EventChanges.executed(uri);
    Contents expected = Contents.ofSource(uri, table);
    Path file = programs.work().resolve(table + "_followed.duckdb");
    Results results = new Results(changes, "changes");
    for (int run = 1; run <= runs; run++) {
      results.add("raw stream", rawStream(changes, from, until));
      for (Map.Entry<String, String> runner : RUNNERS.entrySet()) {
        delete(file);
        Files.copy(copied, file);
        results.add("ingest, " + runner.getKey(), ingest("", file, runner.getValue()));
        check(file, expected, deleted);
      }
    }
    results.print();
    results.printRatios();
  }

  private Measured rawStream(Object... rowsAndPositions) throws IOException, InterruptedException {
    List<Object> arguments = new ArrayList<>();
    arguments.add(uri.host() + ":" + grpcPort);
    arguments.add(uri.keyspace() + "/" + new Vtgate(uri).shards().get(0));
    arguments.add(table);
    arguments.addAll(List.of(rowsAndPositions));
    return programs.raw(RawStream.class, arguments.toArray());
  }

  private Measured ingest(String parameters, Path file, String runner)
      throws IOException, InterruptedException {
    String source =
        "vitess+cdc://"
            + uri.address().hostAndPort()
            + "/"
            + uri.keyspace()
            + "?grpc_port="
            + grpcPort
            + parameters;
    return programs.ingest(source, table, file, runner);
  }

  private void check(Path file, Contents expected, long deleted) throws SQLException {
    Contents contents = Contents.ofDestination(file, table);
    long marked = Contents.deleted(file, table);
    if (!contents.equals(expected) || marked != deleted) {
      throw new IllegalStateException(
          "the destination holds "
              + contents
              + " and "
              + marked
              + " deleted rows, instead of "
              + expected
              + " and "
              + deleted);
    }
  }

  /** The file, and DuckDB's log of what is not in it yet. */
  private static void delete(Path file) throws IOException {
    Files.deleteIfExists(file);
    Files.deleteIfExists(file.resolveSibling(file.getFileName() + ".wal"));
  }
}
