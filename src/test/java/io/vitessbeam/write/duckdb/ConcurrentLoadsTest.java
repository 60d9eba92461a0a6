package io.vitessbeam.write.duckdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitessbeam.DuckDbUri;
import io.vitessbeam.WriteStrategy;
import io.vitessbeam.write.LoadSpec;
import io.vitessbeam.write.Loader;
import io.vitessbeam.write.StagedRange;
import io.vitessbeam.write.TargetTable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Loads of one pipeline into tables of one new file, all at once. */
class ConcurrentLoadsTest {

  private static final int TABLES = 4;
  private static final int ROUNDS = 8;

  private final ExecutorService threads = Executors.newCachedThreadPool();
  @TempDir private Path directory;

  @AfterEach
  void endThreads() {
    threads.shutdownNow();
  }

  @Test
  void eachArrivesInANewSchemaOfANewFile() throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      Path folder = directory.resolve("round" + round);
      assertThat(folder.toFile().mkdir()).isTrue();
      DatabaseFile file = new DatabaseFile(folder);
      CyclicBarrier all = new CyclicBarrier(TABLES);
      List<Future<?>> loads = new ArrayList<>();
      for (int table = 0; table < TABLES; table++) {
        String name = "made.t" + table;
        loads.add(threads.submit(() -> load(file, name, all)));
      }
      for (Future<?> load : loads) {
        load.get();
      }
      for (int table = 0; table < TABLES; table++) {
        assertThat(file.query("SELECT count(*) FROM made.t" + table)).containsExactly(10L);
      }
      assertThat(file.tables()).containsExactly("_vitessbeam_published", "t0", "t1", "t2", "t3");
    }
  }

  private static Void load(DatabaseFile file, String table, CyclicBarrier all) throws Exception {
    LoadSpec spec =
        LoadSpec.of("run of " + table)
            .withTable(TargetTable.parse(table))
            .withStrategy(WriteStrategy.APPEND);
    Loader loader = new DuckDbDestination(new DuckDbUri(file.path().toString())).loader(spec);
    try {
      all.await();
      List<StagedRange> receipts =
          DatabaseFile.stage((DuckDbLoader) loader, Rows.itemRange(0, 1, 1, 10));
      all.await();
      loader.publish(receipts);
    } finally {
      loader.release();
    }
    return null;
  }
}
