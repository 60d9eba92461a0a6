package io.vitessbeam.write.mysql;

import static io.vitessbeam.WriteStrategy.MERGE;
import static io.vitessbeam.WriteStrategy.REPLACE;
import static org.assertj.core.api.Assertions.assertThat;

import io.vitessbeam.LoadedTable;
import io.vitessbeam.WriteStrategy;
import io.vitessbeam.block.Block;
import io.vitessbeam.write.StagedRange;
import io.vitessbeam.write.load.LoadId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Runs meet at one table, and many JVMs work for one run. */
class FaultsIT {

  private static final int ROWS = 60_000;
  private static final int KNOWN = 10_000;
  private static final int FIRST_LOADS = 10;

  private final ExecutorService threads = Executors.newCachedThreadPool();

  @AfterEach
  void endThreads() {
    threads.shutdownNow();
  }

  @Test
  void ofTwoReplacementsAtOnceOneIsTheTable() throws Exception {
    Target target = new Target();
    loadTwiceAtOnce(target, REPLACE);

    assertThat(target.query("SELECT COUNT(*), COUNT(DISTINCT LEFT(name, 1)), SUM(id) FROM $t"))
        .containsExactly(ROWS + "|1|" + ROWS * (ROWS - 1L) / 2);
  }

  @Test
  void twoMergesAtOnceBothArrive() throws Exception {
    Target target = new Target();
    target.load(REPLACE, Source.items().items(0, KNOWN, "old"));
    loadTwiceAtOnce(target, MERGE);

    assertThat(target.query("SELECT COUNT(*), COUNT(DISTINCT id), SUM(id) FROM $t"))
        .containsExactly(ROWS + "|" + ROWS + "|" + ROWS * (ROWS - 1L) / 2);
    assertThat(target.query("SELECT COUNT(*) FROM $t WHERE name NOT REGEXP '^[ab] '"))
        .containsExactly("0");
  }

  /** Two runs, in which every row of the one differs from that of the other. */
  private void loadTwiceAtOnce(Target target, WriteStrategy strategy) throws Exception {
    List<Future<LoadedTable>> runs = new ArrayList<>();
    List<LoadId<Server>> ids = new ArrayList<>();
    for (String name : List.of("a", "b")) {
      LoadId<Server> id = target.id(strategy, spec -> spec);
      ids.add(id);
      runs.add(
          threads.submit(
              () -> target.load(id, Source.items().items(0, ROWS, name).in(2, 4000).blocks())));
    }
    for (Future<LoadedTable> run : runs) {
      assertThat(run.get().rows()).isEqualTo(ROWS);
    }
    for (LoadId<Server> id : ids) {
      assertThat(target.leftovers(id)).isEmpty();
    }
  }

  /** Whoever comes second finds a table that was not there when it looked. */
  @ParameterizedTest
  @EnumSource
  void ofTwoFirstLoadsAtOnceEachDoesItsPart(WriteStrategy strategy) throws Exception {
    for (int round = 0; round < FIRST_LOADS; round++) {
      Target target = new Target();
      CyclicBarrier both = new CyclicBarrier(2);
      List<Future<?>> runs = new ArrayList<>();
      for (Source source :
          List.of(Source.items().items(0, 5, "a"), Source.items().items(5, 10, "b"))) {
        LoadId<Server> id =
            target.id(
                strategy,
                spec ->
                    spec.withIncrementalKey(strategy == WriteStrategy.DELETE_INSERT ? "id" : ""));
        runs.add(
            threads.submit(
                () -> {
                  MysqlLoad load = target.open(id);
                  List<StagedRange> receipts = Target.stage(load, source.blocks());
                  both.await();
                  load.publish(receipts);
                  load.release();
                  return null;
                }));
      }
      for (Future<?> run : runs) {
        try {
          run.get();
        } catch (ExecutionException e) {
          // The one that began first came second.
          assertThat(strategy).isEqualTo(WriteStrategy.SCD2);
          assertThat(e).hasMessageContaining("another run came in between");
        }
      }

      String current = strategy == WriteStrategy.SCD2 ? " WHERE _scd_is_current" : "";
      List<String> names = target.query("SELECT name FROM $t" + current + " ORDER BY id");
      List<String> a = List.of("a 0", "a 1", "a 2", "a 3", "a 4");
      List<String> b = List.of("b 5", "b 6", "b 7", "b 8", "b 9");
      switch (strategy) {
        case REPLACE, SCD2 -> assertThat(names).isIn(a, b);
        default -> assertThat(names).isEqualTo(Stream.concat(a.stream(), b.stream()).toList());
      }
    }
  }

  @Test
  void aLoadWaitsForAnotherOneThatIsChangingItsTable() throws Exception {
    Target target = new Target();
    target.load(REPLACE, Source.items().items(0, 5, "old"));
    LoadId<Server> first = target.id(MERGE, spec -> spec);
    MysqlLoad changing = target.open(first);
    List<StagedRange> receipts = Target.stage(changing, Source.items().items(0, 5, "a").blocks());
    target.execute(
        "UPDATE _vitessbeam_loads SET state = 'PUBLISHING', changing = target WHERE digest = '"
            + first.digest().toString()
            + "'");

    CountDownLatch looks = new CountDownLatch(2);
    Future<LoadedTable> second =
        threads.submit(
            () -> {
              SqlLog log =
                  new SqlLog(
                      statement -> {
                        if (statement.contains("WHERE changing = ")) {
                          looks.countDown();
                        }
                      });
              try (log) {
                return target.load(MERGE, Source.items().items(0, 5, "b"));
              }
            });
    assertThat(looks.await(1, TimeUnit.MINUTES)).isTrue();
    assertThat(second).isNotDone();
    assertThat(target.query("SELECT DISTINCT LEFT(name, 3) FROM $t")).containsExactly("old");

    changing.publish(receipts);
    changing.release();
    assertThat(second.get().rows()).isEqualTo(5);
    assertThat(target.query("SELECT name FROM $t ORDER BY id"))
        .containsExactly("b 0", "b 1", "b 2", "b 3", "b 4");
  }

  @Test
  void manyJvmsStageForOneRunAndAnotherPublishes() throws Exception {
    Target target = new Target();
    LoadId<Server> id = target.id(MERGE, spec -> spec);
    List<Block> blocks = Source.items().items(0, ROWS, "a").in(6, 1000).blocks();
    List<Future<List<StagedRange>>> jvms = new ArrayList<>();
    for (int jvm = 0; jvm < 3; jvm++) {
      int first = jvm;
      jvms.add(
          threads.submit(
              () -> {
                List<Block> own = new ArrayList<>();
                for (int block = first; block < blocks.size(); block += 3) {
                  own.add(blocks.get(block));
                }
                MysqlLoad load = new MysqlLoads(Target.TIMINGS).acquire(id);
                List<StagedRange> receipts = Target.stage(load, own);
                load.release();
                return receipts;
              }));
    }
    List<StagedRange> receipts = new ArrayList<>();
    for (Future<List<StagedRange>> jvm : jvms) {
      receipts.addAll(jvm.get());
    }
    MysqlLoad publishing = target.open(id);
    assertThat(publishing.publish(receipts).rows()).isEqualTo(ROWS);
    publishing.release();

    assertThat(target.query("SELECT COUNT(*), COUNT(DISTINCT id), SUM(id) FROM $t"))
        .containsExactly(ROWS + "|" + ROWS + "|" + ROWS * (ROWS - 1L) / 2);
    assertThat(target.leftovers(id)).isEmpty();
  }
}
