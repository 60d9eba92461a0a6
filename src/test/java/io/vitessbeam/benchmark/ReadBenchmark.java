package io.vitessbeam.benchmark;

import io.vitessbeam.connect.VitessUri;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * W1: a table of Vitess into a DuckDB file by {@code pipelines/ingest}, against the raw limit,
 * which is taken in the same run. Every figure is of a whole process, from its start to its end;
 * the contestants take turns, and the median of the runs counts.
 */
public final class ReadBenchmark {

  private static final int[] RAW_CONNECTIONS = {1, 2, 4};

  private final VitessUri uri;
  private final Path home;
  private final Path work;
  private final int runs;

  private ReadBenchmark(VitessUri uri, Path home, Path work, int runs) {
    this.uri = uri;
    this.home = home;
    this.work = work;
    this.runs = runs;
  }

  /** Runs it: {@code ReadBenchmark URI HOME WORK RUNS ROWS...}, HOME being the project's folder. */
  public static void main(String[] args) throws IOException, InterruptedException, SQLException {
    ReadBenchmark benchmark =
        new ReadBenchmark(
            VitessUri.parse(args[0]),
            Path.of(args[1]),
            Path.of(args[2]),
            Integer.parseInt(args[3]));
    for (int i = 4; i < args.length; i++) {
      benchmark.measure(Long.parseLong(args[i]));
    }
  }

  private void measure(long rows) throws IOException, InterruptedException, SQLException {
    String table = "events_" + rows;
    System.out.printf(Locale.ROOT, "%n%,d rows: making the table%n", rows);
    new EventsTable(uri, table).create(rows);
    Map<String, List<Measured>> results = new LinkedHashMap<>();
    for (int run = 1; run <= runs; run++) {
      for (int connections : RAW_CONNECTIONS) {
        add(results, "raw reader, " + connections + " connections", raw(table, rows, connections));
      }
      add(results, "ingest, direct runner", ingest(table, "DirectRunner"));
      add(results, "ingest, embedded Flink", ingest(table, "FlinkRunner"));
    }
    print(rows, results);
  }

  private static void add(Map<String, List<Measured>> results, String name, Measured measured) {
    results.computeIfAbsent(name, key -> new ArrayList<>()).add(measured);
    System.out.printf(
        Locale.ROOT,
        "  %-28s %7.2f s %7.2f CPU s %5d MB%n",
        name,
        measured.seconds(),
        measured.cpuSeconds(),
        measured.peakMegabytes());
  }

  private Measured raw(String table, long rows, int connections)
      throws IOException, InterruptedException {
    String classPath =
        home.resolve("target/test-classes")
            + File.pathSeparator
            + Files.readString(home.resolve("target/runtime.classpath")).strip();
    return run(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx1g",
            "-XX:+UseParallelGC",
            "-cp",
            classPath,
            RawReader.class.getName(),
            uri.address().hostAndPort() + "/" + uri.keyspace(),
            table,
            String.valueOf(rows),
            String.valueOf(connections)));
  }

  private Measured ingest(String table, String runner) throws IOException, InterruptedException {
    Path file = work.resolve(table + ".duckdb");
    Files.deleteIfExists(file);
    return run(
        List.of(
            home.resolve("pipelines/ingest").toString(),
            "--source-uri=" + uri,
            "--source-table=" + table,
            "--dest-uri=duckdb:///" + file,
            "--runner=" + runner));
  }

  private Measured run(List<String> command) throws IOException, InterruptedException {
    return Measured.run(command, Map.of(), work.resolve("output.log").toFile());
  }

  private static void print(long rows, Map<String, List<Measured>> results) {
    double limit =
        results.entrySet().stream()
            .filter(entry -> entry.getKey().startsWith("raw"))
            .mapToDouble(entry -> median(entry.getValue(), Measured::seconds))
            .min()
            .orElseThrow();
    System.out.printf(
        Locale.ROOT,
        "%n| %,d rows, median of %d | seconds | rows/s | of the raw limit | CPU s | peak MB |%n"
            + "|---|---|---|---|---|---|%n",
        rows,
        results.values().iterator().next().size());
    results.forEach(
        (name, runs) -> {
          double seconds = median(runs, Measured::seconds);
          System.out.printf(
              Locale.ROOT,
              "| %s | %.1f | %,.0f | %.0f %% | %.1f | %.0f |%n",
              name,
              seconds,
              rows / seconds,
              100 * limit / seconds,
              median(runs, Measured::cpuSeconds),
              median(runs, measured -> measured.peakMegabytes()));
        });
  }

  private static double median(List<Measured> runs, ToDoubleFunction<Measured> figure) {
    return runs.stream()
        .sorted(Comparator.comparingDouble(figure))
        .skip((runs.size() - 1) / 2)
        .mapToDouble(figure)
        .findFirst()
        .orElseThrow();
  }
}
