package io.vitessbeam.benchmark;

import io.vitessbeam.Vgtid;
import io.vitessbeam.connect.VitessUri;
import io.vitessbeam.connect.Vtgate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;

/**
 * {@code VStreamRead} alone, its records thrown away, beside plain gRPC and Debezium's connector in
 * its embedded engine: how many changes a second come that are there already, from the first to the
 * last, and how long a change takes from its commit.
 */
final class StreamReads {

  private static final int STEADY_RATE = 2_000;

  private static final Map<String, String> RUNNERS =
      new TreeMap<>(Map.of("direct", "DirectRunner", "flink", "FlinkRunner"));

  private final Programs programs;
  private final VitessUri uri;
  private final int grpcPort;
  private final String shard;
  private final Traffic traffic;
  private final Duration time;
  private final Figures figures;
  private final Map<String, String> runners;

  /**
   * @param time for which changes pile up, and of a latency
   */
  StreamReads(
      Programs programs,
      VitessUri uri,
      int grpcPort,
      Traffic traffic,
      Duration time,
      Figures figures) {
    this.programs = programs;
    this.uri = uri;
    this.grpcPort = grpcPort;
    this.shard = new Vtgate(uri).shards().get(0);
    this.traffic = traffic;
    this.time = time;
    this.figures = figures;
    this.runners = new TreeMap<>();
    RUNNERS.forEach(
        (part, runner) -> {
          if (figures.want(part)) {
            runners.put(part.equals("direct") ? "direct runner" : "embedded Flink", runner);
          }
        });
  }

  void measure() throws IOException, SQLException, InterruptedException, ExecutionException {
    rates();
    latencies();
  }

  private void rates() throws IOException, SQLException, InterruptedException, ExecutionException {
    String from = EventChanges.executed(uri);
    long before = traffic.written();
    traffic.pile(time);
    long changes = (traffic.written() - before) * Traffic.EVENTS;
    programs.raw(
        RawStream.class,
        uri.host() + ":" + grpcPort,
        uri.keyspace() + "/" + shard,
        traffic.table(),
        changes,
        from,
        EventChanges.executed(uri));
    StreamFigures raw = programs.rawFigures();
    figures.add("raw VStream client", Figures.rate(raw.rate()), "");
    String gtid = "MySQL56/" + from.replaceAll("\\s", "");
    StreamFigures debezium = debezium(changes, gtid);
    figures.add("Debezium's connector, discarding", Figures.rate(debezium.rate()), "");
    Vgtid position = new Vgtid(uri.keyspace(), List.of(new Vgtid.ShardGtid(shard, gtid)));
    for (Map.Entry<String, String> runner : runners.entrySet()) {
      StreamFigures read = read(runner.getValue(), changes, position.encode());
      figures.add(
          "VStreamRead, discarding, " + runner.getKey(),
          "%s, %.1f times Debezium, %.2f of raw"
              .formatted(
                  Figures.rate(read.rate()),
                  read.rate() / debezium.rate(),
                  read.rate() / raw.rate()),
          ">= 3 times Debezium, >= 0.6 of raw");
    }
  }

  @SuppressWarnings("try") // It writes until it is closed.
  private void latencies()
      throws IOException, SQLException, InterruptedException, ExecutionException {
    long seconds = time.toSeconds();
    try (Traffic.Steady steady = traffic.new Steady(STEADY_RATE)) {
      String title = ": commit to record, 2,000 changes/s";
      figures.add("Debezium's connector" + title, debezium(seconds, "current").latencies(), "");
      for (Map.Entry<String, String> runner : runners.entrySet()) {
        figures.add(
            "VStreamRead, " + runner.getKey() + title,
            read(runner.getValue(), seconds, "now").latencies(),
            "p99 <= 0.3 s");
      }
    }
  }

  private StreamFigures read(String runner, long many, String position)
      throws IOException, InterruptedException {
    List<Object> arguments = new ArrayList<>();
    arguments.add(
        "vitess+cdc://%s/%s?grpc_port=%d"
            .formatted(uri.address().hostAndPort(), uri.keyspace(), grpcPort));
    arguments.addAll(List.of(traffic.table(), many, position));
    arguments.add("--runner=" + runner);
    if (runner.equals("FlinkRunner")) {
      arguments.addAll(
          List.of(
              "--streaming=true", "--parallelism=1", "--objectReuse=true", "--fasterCopy=true"));
    } else {
      // As ingest: a thread of the runner's without work spins.
      arguments.addAll(
          List.of(
              "--targetParallelism=1",
              "--enforceImmutability=false",
              "--enforceEncodability=false"));
    }
    return programs.own(StreamRead.class, arguments.toArray());
  }

  private StreamFigures debezium(long many, String position)
      throws IOException, InterruptedException {
    Path built = programs.home().resolve("benchmark/debezium/target");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx1g", "-XX:+UseParallelGC"));
    command.add("-Dorg.slf4j.simpleLogger.defaultLogLevel=warn");
    command.addAll(
        List.of(
            "-cp",
            built.resolve("classes")
                + ":"
                + Files.readString(built.resolve("runtime.classpath")).strip(),
            "io.vitessbeam.benchmark.debezium.DebeziumRead",
            uri.host(),
            String.valueOf(grpcPort),
            uri.keyspace(),
            shard,
            "",
            "",
            traffic.table(),
            String.valueOf(many),
            position));
    return programs.figures(command);
  }
}
