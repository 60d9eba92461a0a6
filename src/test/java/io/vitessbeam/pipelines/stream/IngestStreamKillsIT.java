package io.vitessbeam.pipelines.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitessbeam.testing.TestPipelines.EmbeddedRunner;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Streams are killed with -9 at random times, fifty in all: while they copy, follow, or flush. More
 * of them by {@code -Dstream.kills=200}.
 */
@Tag("volume")
class IngestStreamKillsIT {

  private static final int KILLS = Integer.getInteger("stream.kills", 50);
  private static final int SETTLE_AFTER = 8;

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({"DUCKDB, DIRECT, 40", "POSTGRESQL, DIRECT, 40", "DUCKDB, FLINK, 20"})
  @Timeout(1800)
  void theDestinationEqualsItsSourceAfterEachSettles(
      StreamPlace place, EmbeddedRunner runner, int percent) throws Exception {
    StreamedTable table = StreamedTable.create("killed_often", 2_000);
    StreamedTable other = StreamedTable.create("killed_too", 50);
    List<String> flags =
        List.of(
            "--source-uri=" + StreamedTable.uri(),
            "--include-tables=" + table.name() + "," + other.name(),
            "--dest-uri=" + place.uri(folder),
            "--flush-interval=200ms");
    Random random = new Random(20261130L + percent);
    long longest = runner == EmbeddedRunner.DIRECT ? 6_000 : 14_000;
    AtomicBoolean ends = new AtomicBoolean();
    Thread writer = new Thread(() -> write(table, other, ends), "writer");
    writer.start();
    try {
      for (int kill = 1; kill <= KILLS * percent / 100; kill++) {
        try (StreamProcess stream = StreamProcess.start(folder, "512m", runner, flags)) {
          TimeUnit.MILLISECONDS.sleep(500 + random.nextLong(longest));
          assertThat(stream.runs()).as(stream.output()).isTrue();
          stream.kill();
        }
        if (kill % SETTLE_AFTER == 0) {
          settle(place, runner, flags, table, other);
        }
      }
    } finally {
      ends.set(true);
      writer.join();
    }
    settle(place, runner, flags, table, other);
  }

  private static void write(StreamedTable table, StreamedTable other, AtomicBoolean ends) {
    Random random = new Random(7);
    try {
      while (!ends.get()) {
        synchronized (table) {
          table.change(random);
          other.change(random);
        }
        TimeUnit.MILLISECONDS.sleep(20);
      }
    } catch (SQLException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Nothing is written meanwhile. */
  private void settle(
      StreamPlace place,
      EmbeddedRunner runner,
      List<String> flags,
      StreamedTable table,
      StreamedTable other)
      throws Exception {
    synchronized (table) {
      try (StreamProcess stream = StreamProcess.start(folder, "512m", runner, flags)) {
        table.awaitSame(stream, place, folder);
        other.awaitSame(stream, place, folder);
        stream.stop();
      }
    }
  }
}
