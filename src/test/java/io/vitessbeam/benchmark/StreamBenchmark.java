package io.vitessbeam.benchmark;

import io.vitessbeam.connect.VitessUri;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Runs that never end, see {@link IntoDestination} and {@link StreamReads}. */
public final class StreamBenchmark {

  /** Of a table that changes, by how long it may. */
  private static final long ROWS_PER_SECOND = 10_000;

  private static final long LEAST_ROWS = 200_000;

  private final VitessUri uri;
  private final int grpcPort;
  private final URI postgresql;
  private final Path home;
  private final Path work;
  private final Duration time;
  private final Figures figures;

  private StreamBenchmark(String[] args) {
    this.uri = VitessUri.parse(args[0]);
    this.grpcPort = Integer.parseInt(args[1]);
    this.postgresql = URI.create(args[2]);
    this.home = Path.of(args[3]);
    this.work = Path.of(args[4]);
    this.time = Duration.ofSeconds(Long.parseLong(args[5]));
    this.figures = new Figures(List.of(args).subList(6, args.length));
  }

  /**
   * Runs parts of it: {@code StreamBenchmark URI GRPC_PORT POSTGRESQL_URI HOME WORK SECONDS PART…},
   * HOME being the project's folder.
   */
  public static void main(String[] args) throws Exception {
    new StreamBenchmark(args).measure();
  }

  private void measure() throws Exception {
    long rows = Math.max(LEAST_ROWS, ROWS_PER_SECOND * time.toSeconds());
    System.out.printf(Locale.ROOT, "%nA stream of %,d rows: making the table%n", rows);
    Traffic traffic = new Traffic(uri, new EventsTable(uri, "events"), rows);
    traffic.createTables();
    if (figures.want("read")) {
      Programs programs = new Programs(home, work, List.of());
      new StreamReads(programs, uri, grpcPort, traffic, time, figures).measure();
    }
    if (figures.want("latency") || figures.want("rate")) {
      String source =
          "vitess+cdc://%s/%s?grpc_port=%d"
              .formatted(uri.address().hostAndPort(), uri.keyspace(), grpcPort);
      IntoDestination into =
          new IntoDestination(
              home, work.resolve("stream.log").toFile(), source, traffic, time, figures);
      List<StreamedTo> destinations = new ArrayList<>();
      if (figures.want("duckdb")) {
        destinations.add(new StreamedToDuckDb(work.resolve("streamed.duckdb")));
      }
      if (figures.want("postgresql")) {
        destinations.add(new StreamedToPostgresql(postgresql.toString(), jdbcUrl()));
      }
      for (StreamRunner.Place place : StreamRunner.Place.values()) {
        if (figures.want(place.part())) {
          measure(place, into, destinations);
        }
      }
    }
    figures.print();
  }

  private void measure(
      StreamRunner.Place place, IntoDestination into, List<StreamedTo> destinations)
      throws Exception {
    try (StreamRunner runner = StreamRunner.start(place, home, work)) {
      for (StreamedTo to : destinations) {
        if (figures.want("latency")) {
          into.latencies(runner, to);
        }
        if (figures.want("rate")) {
          into.rate(runner, to);
        }
      }
    }
  }

  private String jdbcUrl() {
    String[] user = postgresql.getUserInfo().split(":", 2);
    return "jdbc:postgresql://%s:%d%s?user=%s&password=%s"
        .formatted(
            postgresql.getHost(), postgresql.getPort(), postgresql.getPath(), user[0], user[1]);
  }
}
