package io.vitessbeam.pipelines.stream;

import static io.vitessbeam.testing.TestVitess.CUSTOMER;
import static org.assertj.core.api.Assertions.assertThat;

import io.vitessbeam.testing.FlakyProxy;
import io.vitessbeam.testing.TestPipelines.EmbeddedRunner;
import io.vitessbeam.testing.TestPostgresql;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Destinations that are away, stand still or are full, while their source changes. For longer:
 * {@code -Dstream.away.seconds=300 -Dstream.still.seconds=600}.
 */
@Tag("volume")
@Timeout(1800)
class IngestStreamDestinationsIT {

  private static final Duration AWAY = seconds("stream.away.seconds", 15);
  private static final Duration STILL = seconds("stream.still.seconds", 20);

  /** Transactions each second, of so many rows, while a destination stands still. */
  private static final int TRANSACTIONS = 10;

  private static final int ROWS = 500;

  @TempDir private Path folder;

  private static Duration seconds(String property, int otherwise) {
    return Duration.ofSeconds(Integer.getInteger(property, otherwise));
  }

  @Test
  @SuppressWarnings("try") // A proxy is there until it is closed.
  void aDestinationThatIsAwayIsWaitedFor() throws Exception {
    StreamedTable table = StreamedTable.create("away", 2_000);
    Random random = new Random(5);
    FlakyProxy there = new FlakyProxy("127.0.0.1", TestPostgresql.shared().port());
    int port = there.port();
    try (StreamProcess stream = start(table, postgresql(port), "--metrics-addr=localhost:0")) {
      table.awaitSame(stream, StreamPlace.POSTGRESQL, folder);
      there.close();
      long since = System.nanoTime();
      while (System.nanoTime() - since < AWAY.toNanos()) {
        table.change(random);
        TimeUnit.MILLISECONDS.sleep(50);
      }
      await(stream, () -> status(stream).contains("nothing listens there"));

      try (FlakyProxy again = new FlakyProxy("127.0.0.1", TestPostgresql.shared().port(), port)) {
        table.awaitSame(stream, StreamPlace.POSTGRESQL, folder);
        await(stream, () -> status(stream).contains("\"state\":\"following\""));
        table.change(random);
        table.awaitSame(stream, StreamPlace.POSTGRESQL, folder);
        stream.stop();
      }
    } finally {
      there.close();
    }
  }

  /** What comes meanwhile is far more than what the stream may keep of it. */
  @Test
  void aDestinationThatStandsStillHoldsTheSourceBackIn512Megabytes() throws Exception {
    StreamedTable table = StreamedTable.create("still", 2_000);
    try (StreamProcess stream = start(table, TestPostgresql.shared().uri())) {
      table.awaitSame(stream, StreamPlace.POSTGRESQL, folder);
      List<String> server = processes();
      signal("-STOP", server);
      try {
        int next = 10_001;
        long since = System.nanoTime();
        for (long second = 1; second <= STILL.toSeconds(); second++) {
          for (int i = 0; i < TRANSACTIONS; i++) {
            table.insert(next, next + ROWS - 1);
            next += ROWS;
          }
          long left = TimeUnit.SECONDS.toNanos(second) - (System.nanoTime() - since);
          TimeUnit.NANOSECONDS.sleep(Math.max(0, left));
        }
        assertThat(stream.runs()).as(stream.output()).isTrue();
      } finally {
        signal("-CONT", server);
      }
      table.awaitSame(stream, StreamPlace.POSTGRESQL, folder);
      table.execute("DELETE FROM " + table.name() + " WHERE id <= 1000");
      table.awaitSame(stream, StreamPlace.POSTGRESQL, folder);
      assertThat(stream.output()).doesNotContain("OutOfMemory");
      stream.stop();
    }
  }

  /** The main process of PostgreSQL, and all that it has started. */
  private static List<String> processes() throws SQLException {
    try (Connection connection = TestPostgresql.shared().connect();
        Statement statement = connection.createStatement();
        ResultSet pid = statement.executeQuery("SELECT pg_backend_pid()")) {
      pid.next();
      ProcessHandle main = ProcessHandle.of(pid.getLong(1)).orElseThrow().parent().orElseThrow();
      List<String> all = new ArrayList<>(List.of(String.valueOf(main.pid())));
      main.descendants().forEach(process -> all.add(String.valueOf(process.pid())));
      return all;
    }
  }

  private static void signal(String signal, List<String> processes) throws Exception {
    List<String> command = new ArrayList<>(List.of("kill", signal));
    command.addAll(processes);
    // Connections that nobody needs any more have ended since.
    new ProcessBuilder(command).start().waitFor();
  }

  @Test
  void aFullDiskEndsTheStreamAndARerunHeals() throws Exception {
    StreamedTable table = StreamedTable.create("full", 2_000);
    try (SmallDisk disk = SmallDisk.mount(Files.createDirectory(folder.resolve("disk")), 16)) {
      Path file = disk.folder();
      int last = 2_000;
      try (StreamProcess stream = start(table, StreamPlace.DUCKDB.uri(file))) {
        table.awaitSame(stream, StreamPlace.DUCKDB, file);
        while (stream.runs() && last < 2_000_000) {
          table.execute(
              "INSERT INTO %s (id, name) SELECT id + %d, sha2(concat(id, '/%d'), 256) FROM %s WHERE id <= 2000"
                  .formatted(table.name(), last, last, table.name()));
          last += 2_000;
        }
        assertThat(stream.exitCode()).as(stream.output()).isEqualTo(1);
        assertThat(stream.output())
            .contains("The DuckDB file " + file.resolve("stream.duckdb"), "its disk is full");
      }
      // What was applied is there.
      assertThat(table.live(StreamPlace.DUCKDB, file)).hasSizeGreaterThanOrEqualTo(2_000);

      disk.enlarge(512);
      try (StreamProcess stream = start(table, StreamPlace.DUCKDB.uri(file))) {
        table.awaitSame(stream, StreamPlace.DUCKDB, file);
        stream.stop();
      }
    }
  }

  private StreamProcess start(StreamedTable table, String destination, String... more)
      throws IOException {
    List<String> flags = new ArrayList<>(List.of(more));
    flags.add("--source-uri=" + StreamedTable.uri());
    flags.add("--source-table=" + CUSTOMER + "." + table.name());
    flags.add("--dest-uri=" + destination);
    flags.add("--dest-table=" + table.name());
    flags.add("--flush-interval=500ms");
    return StreamProcess.start(folder, "512m", EmbeddedRunner.DIRECT, flags);
  }

  private static String postgresql(int port) {
    TestPostgresql server = TestPostgresql.shared();
    return server.uri().replace(":" + server.port(), ":" + port);
  }

  private static String status(StreamProcess stream) {
    try {
      return stream.status().toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void await(StreamProcess stream, BooleanSupplier wanted)
      throws InterruptedException {
    long deadline = System.nanoTime() + StreamedTable.SOON.toNanos();
    while (!wanted.getAsBoolean()) {
      assertThat(System.nanoTime()).as(status(stream)).isLessThan(deadline);
      TimeUnit.MILLISECONDS.sleep(200);
    }
  }
}
