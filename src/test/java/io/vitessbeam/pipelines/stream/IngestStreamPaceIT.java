package io.vitessbeam.pipelines.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitessbeam.testing.OnEachRunner;
import io.vitessbeam.testing.TestPipelines.EmbeddedRunner;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.io.TempDir;

/** {@code ingest --stream} of a table that is written to without a pause. */
class IngestStreamPaceIT {

  private static final StreamPlace PLACE = StreamPlace.POSTGRESQL;

  /** Many times the flush interval, for servers and stream share the machine. */
  private static final Duration IN_TIME = Duration.ofSeconds(15);

  private static final int AT_ONCE = 10;

  @TempDir private Path folder;

  @OnEachRunner
  void changesThatNeverPauseAreAppliedInTime(EmbeddedRunner runner) throws Exception {
    StreamedTable table = StreamedTable.create("paced", 10);
    AtomicBoolean enough = new AtomicBoolean();
    ExecutorService writer = Executors.newSingleThreadExecutor();
    try (StreamProcess stream = StreamProcess.start(folder, "512m", runner, flags(table))) {
      table.awaitSame(stream, PLACE, folder);
      Future<?> written =
          writer.submit(
              () -> {
                for (int id = 101; !enough.get(); id += AT_ONCE) {
                  table.insert(id, id + AT_ONCE - 1);
                }
                return null;
              });
      try {
        awaitMoreRows(table);
        awaitMoreRows(table);
      } finally {
        enough.set(true);
      }
      written.get();
      table.awaitSame(stream, PLACE, folder);
      stream.stop();
    } finally {
      writer.shutdown();
    }
  }

  private List<String> flags(StreamedTable table) {
    return List.of(
        "--source-uri=" + StreamedTable.uri(),
        "--include-tables=" + table.name(),
        "--dest-uri=" + PLACE.uri(folder),
        "--flush-interval=500ms",
        "--flush-records=1000000000");
  }

  /** While more are written all the time. */
  private void awaitMoreRows(StreamedTable table) throws SQLException, InterruptedException {
    int before = table.live(PLACE, folder).size();
    long deadline = System.nanoTime() + IN_TIME.toNanos();
    int now = before;
    while (now == before && System.nanoTime() < deadline) {
      TimeUnit.MILLISECONDS.sleep(200);
      now = table.live(PLACE, folder).size();
    }
    assertThat(now).as("rows in time").isGreaterThan(before);
  }
}
