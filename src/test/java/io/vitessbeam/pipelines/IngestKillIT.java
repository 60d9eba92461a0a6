package io.vitessbeam.pipelines;

import static io.vitessbeam.testing.TestVitess.SHOP;
import static org.assertj.core.api.Assertions.assertThat;

import io.vitessbeam.benchmark.EventsTable;
import io.vitessbeam.testing.TableRows;
import io.vitessbeam.testing.TestPipelines.EmbeddedRunner;
import io.vitessbeam.testing.TestVitess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code pipelines/ingest}, a process of its own, is killed with -9 while it replaces a table. */
@Tag("volume")
class IngestKillIT {

  private static final TestVitess VITESS = TestVitess.shared();
  private static final int KILLS = 4;

  @TempDir private Path folder;
  @TempDir private Path temporary;

  @ParameterizedTest
  @EnumSource
  void theOldTableIsWholeOrTheNewOneIs(EmbeddedRunner runner)
      throws IOException, InterruptedException, SQLException {
    String table = VITESS.newTable("killed");
    Path file = folder.resolve("killed.duckdb");
    new EventsTable(VITESS.uri(SHOP), table).create(1_000);
    assertThat(run(runner, table, file, Long.MAX_VALUE)).isZero();
    List<String> old = TableRows.ofDuckDb(file, "SELECT * FROM " + table);
    new EventsTable(VITESS.uri(SHOP), table).create(100_000);
    List<String> fresh;
    try (Connection connection = VITESS.connect(SHOP)) {
      fresh = TableRows.ofVitess(connection, "SELECT * FROM " + table);
    }
    Path probe = folder.resolve("probe.duckdb");
    long start = System.nanoTime();
    assertThat(run(runner, table, probe, Long.MAX_VALUE)).isZero();
    long wholeMillis = (System.nanoTime() - start) / 1_000_000;

    Random random = new Random(7);
    for (int kill = 0; kill < KILLS; kill++) {
      // From when the program has begun until about when it is done.
      long after = wholeMillis / 4 + random.nextInt((int) wholeMillis * 3 / 4);
      run(runner, table, file, after);

      List<String> found = TableRows.ofDuckDb(file, "SELECT * FROM " + table);
      assertThat(found.equals(old) || found.equals(fresh))
          .as("%d rows after a kill at %d of %d ms", found.size(), after, wholeMillis)
          .isTrue();
    }
    assertThat(run(runner, table, file, Long.MAX_VALUE)).isZero();

    assertThat(TableRows.ofDuckDb(file, "SELECT * FROM " + table)).isEqualTo(fresh);
    assertThat(TableRows.tables(file)).containsExactly("main." + table + "|");
    assertThat(folder.toFile().list())
        .containsExactlyInAnyOrder(
            file.getFileName().toString(), probe.getFileName().toString(), "output");
    try (Stream<Path> left = Files.walk(temporary)) {
      // The folder of all runs, which is empty.
      assertThat(left.skip(1)).hasSize(1);
    }
  }

  /** Runs it until it ends or is killed, and gives its exit code. */
  private int run(EmbeddedRunner runner, String table, Path file, long killAfterMillis)
      throws IOException, InterruptedException {
    return new IngestProcess(folder, temporary, "1g")
        .run(
            runner,
            killAfterMillis,
            "--source-uri=" + VITESS.uriText(SHOP),
            "--source-table=" + table,
            "--dest-uri=duckdb:///" + file);
  }
}
