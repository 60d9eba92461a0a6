package io.vitessbeam.benchmark;

import io.vitessbeam.benchmark.StreamRunner.Place;
import io.vitessbeam.connect.VitessUri;
import io.vitessbeam.connect.Vtgate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.concurrent.TimeUnit;

/** What a stream of all shards of a keyspace takes in which nothing happens. */
public final class IdleStream {

  private static final String TABLE = "quiet";
  private static final Duration WARM_UP = Duration.ofSeconds(30);
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private IdleStream() {}

  /**
   * Measures it: {@code IdleStream URI GRPC_PORT HOME WORK SECONDS PART…}, in a keyspace without
   * tables, HOME being the project's folder.
   */
  public static void main(String[] args) throws IOException, SQLException, InterruptedException {
    VitessUri uri = VitessUri.parse(args[0]);
    int grpcPort = Integer.parseInt(args[1]);
    Path home = Path.of(args[2]);
    Path work = Path.of(args[3]);
    Duration time = Duration.ofSeconds(Long.parseLong(args[4]));
    Figures figures = new Figures(List.of(args).subList(5, args.length));
    int shards = new Vtgate(uri).shards().size();
    createTable(uri);
    for (Place place : List.of(Place.DIRECT, Place.EMBEDDED_FLINK)) {
      if (!figures.want(place.part())) {
        continue;
      }
      StreamRunner runner = StreamRunner.start(place, home, work);
      Path file = work.resolve("idle.duckdb");
      Files.deleteIfExists(file);
      List<String> flags =
          List.of(
              runner.flags().get(0),
              "--source-uri=vitess+cdc://%s/%s?grpc_port=%d"
                  .formatted(uri.address().hostAndPort(), uri.keyspace(), grpcPort),
              "--dest-uri=duckdb:///" + file);
      try (Following stream = Following.start(home, work.resolve("idle.log").toFile(), flags)) {
        awaitCopy(stream, file);
        TimeUnit.SECONDS.sleep(WARM_UP.toSeconds());
        Duration before = stream.cpu();
        long began = System.nanoTime();
        TimeUnit.SECONDS.sleep(time.toSeconds());
        double share = (double) stream.cpu().minus(before).toNanos() / (System.nanoTime() - began);
        stream.requireAlive();
        figures.add(
            "idle, " + shards + " shards, " + runner.name(),
            String.format(Locale.ROOT, "%.1f %% of a core", 100 * share),
            "< 3 % of a core");
      }
    }
    figures.print();
  }

  private static void createTable(VitessUri uri) throws SQLException {
    Properties user = new Properties();
    user.setProperty("user", "benchmark");
    user.setProperty("sslMode", "DISABLED");
    try (Connection connection =
            DriverManager.getConnection(
                "jdbc:mysql://" + uri.address().hostAndPort() + "/" + uri.keyspace(), user);
        Statement statement = connection.createStatement()) {
      statement.execute("ALTER VSCHEMA ON " + TABLE + " ADD VINDEX hash(id) USING hash");
      statement.execute("CREATE TABLE " + TABLE + " (id BIGINT NOT NULL PRIMARY KEY, v INT)");
      statement.execute("INSERT INTO " + TABLE + " VALUES (1, 1), (2, 2), (3, 3), (4, 4)");
    }
  }

  private static void awaitCopy(Following stream, Path file)
      throws IOException, InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!Files.exists(file)) {
      stream.requireAlive();
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException("nothing was copied");
      }
      TimeUnit.MILLISECONDS.sleep(200);
    }
  }
}
