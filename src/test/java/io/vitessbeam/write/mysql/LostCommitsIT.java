package io.vitessbeam.write.mysql;

import static io.vitessbeam.testing.TestCluster.SHOP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitessbeam.DataException;
import io.vitessbeam.block.Block;
import io.vitessbeam.testing.TestCluster;
import io.vitessbeam.write.StagedRange;
import io.vitessbeam.write.load.LoadId;
import io.vitessbeam.write.mysql.Registry.State;
import io.vitessbeam.write.mysql.publish.MysqlPublication;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * The primary dies in the middle of loads of every kind, and what it committed last is lost with
 * it: what is published is done again, and what was staged is said to be lost, before any table
 * changes. Each step of the loads waits until all of them are there.
 */
class LostCommitsIT {

  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final long LOOK_EVERY_MILLIS = 20;

  private final ExecutorService threads = Executors.newCachedThreadPool();

  /** What a load has done when the primary dies. */
  enum Moment {
    /** All rows are counted, and nobody has said that the target changes. The last are lost. */
    COUNTED,
    /** That is said. The last rows that were staged are lost. */
    BEGUN,
    /** All is published, which is lost. */
    PUBLISHED
  }

  @AfterEach
  void endThreads() {
    threads.shutdownNow();
  }

  /** One death for all of them: a cluster of its own takes longer than all loads. */
  @Test
  void lostRowsAreMissedBeforeAnyTableChangesAndWhatWasPublishedIsPublishedAgain()
      throws Exception {
    try (TestCluster cluster = TestCluster.own(1)) {
      Step lastOnReplica =
          new Step(
              () -> {
                awaitReplica(cluster);
                cluster.stopReplication(SHOP);
              });
      Step death = new Step(() -> killPrimary(cluster));
      each(
          (way, moment) -> {
            Load load = new Load(cluster, way);
            switch (moment) {
              case COUNTED, BEGUN -> lostRowsAreMissed(load, moment, lastOnReplica, death);
              case PUBLISHED -> isPublishedAgain(load, lastOnReplica, death);
            }
          });
    }
  }

  private static void lostRowsAreMissed(Load load, Moment moment, Step lastOnReplica, Step death)
      throws SQLException {
    List<String> before = load.rows();
    MysqlLoad first = load.open();
    List<StagedRange> receipts = load.stage(first, lastOnReplica);
    assertThatThrownBy(
            () -> {
              if (moment == Moment.COUNTED) {
                publishDyingBeforeItBegins(first, receipts, death);
              } else {
                publishDyingAsItBegins(first, receipts, death);
              }
            })
        .isInstanceOf(DataException.class)
        .hasMessageContaining(" is not published: the server has lost what it had committed");
    first.abort();
    assertThat(load.rows()).isEqualTo(before);

    MysqlLoad again = load.open();
    again.publish(Target.stage(again, load.blocks));
    load.assertPublished(again);
  }

  private static void isPublishedAgain(Load load, Step lastOnReplica, Step death)
      throws SQLException {
    MysqlLoad disturbed = load.open();
    List<StagedRange> receipts = Target.stage(disturbed, load.blocks);
    disturbed.publish(
        disturbed.spec().run(),
        receipts,
        new MysqlPublication.Companion() {
          @Override
          public void begin() {
            lastOnReplica.await();
          }

          @Override
          public void prepareEnd() {
            death.await();
          }
        });
    load.assertPublished(disturbed);
  }

  private static void publishDyingBeforeItBegins(
      MysqlLoad load, List<StagedRange> receipts, Step death) {
    SqlLog log =
        new SqlLog(
            sql -> {
              if (sql.contains("SET state = 'PUBLISHING'")) {
                death.await();
              }
            });
    try {
      load.publish(receipts);
    } finally {
      log.close();
    }
  }

  private static void publishDyingAsItBegins(
      MysqlLoad load, List<StagedRange> receipts, Step death) {
    load.publish(
        load.spec().run(),
        receipts,
        new MysqlPublication.Companion() {
          @Override
          public void begin() {
            death.await();
          }
        });
  }

  private static void killPrimary(TestCluster cluster) {
    cluster.killMysqld(cluster.primary(SHOP));
    cluster.emergencyReparent(SHOP, "0");
  }

  /**
   * Waits until the replica knows of the loads that are to be published that they change tables.
   */
  private static void awaitReplica(TestCluster cluster) throws Exception {
    try (Connection replica = cluster.connect(SHOP + ":0@replica")) {
      Instant deadline = Instant.now().plus(PATIENCE);
      while (publishing(replica) < Way.values().length) {
        assertThat(Instant.now()).isBefore(deadline);
        TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MILLIS);
      }
    }
  }

  private static long publishing(Connection connection) throws SQLException {
    return MysqlSql.number(
        connection,
        "SELECT COUNT(*) FROM " + Registry.TABLE + " WHERE state = '" + State.PUBLISHING + "'");
  }

  /** Runs a load of each kind for each moment, all at once. */
  private void each(Loading loading) throws Exception {
    List<Future<?>> loads = new ArrayList<>();
    for (Moment moment : Moment.values()) {
      for (Way way : Way.values()) {
        loads.add(
            threads.submit(
                () -> {
                  try {
                    loading.run(way, moment);
                  } catch (Exception | AssertionError e) {
                    throw new AssertionError(way + " " + moment, e);
                  }
                  return null;
                }));
      }
    }
    for (Future<?> load : loads) {
      load.get();
    }
  }

  private interface Loading {
    void run(Way way, Moment moment) throws Exception;
  }

  /** Something that happens once, when every load is there, before they go on. */
  private static final class Step {
    private final CyclicBarrier loads;
    private volatile boolean over;

    private interface Action {
      void run() throws Exception;
    }

    Step(Action action) {
      loads = new CyclicBarrier(Way.values().length * Moment.values().length, () -> run(action));
    }

    private void run(Action action) {
      try {
        action.run();
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
      over = true;
    }

    /** Does not wait when it is over: a load may come here again. */
    void await() {
      if (over) {
        return;
      }
      try {
        loads.await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /** A load of one kind, with a table of its own. */
  private static final class Load {
    private final Way way;
    private final Target target;
    private final List<Block> blocks;
    private final List<String> published;

    Load(TestCluster cluster, Way way) throws SQLException {
      this.way = way;
      this.target = new Target(cluster);
      this.blocks = way.source().blocks();
      target.execute(way.existing());
      Target undisturbed = new Target(cluster);
      undisturbed.execute(way.existing());
      undisturbed.load(undisturbed.id(way.strategy(), way::options), blocks);
      this.published = undisturbed.query(way.rows());
    }

    /** By a run of its own. */
    MysqlLoad open() {
      LoadId<Server> id = target.id(way.strategy(), way::options);
      return target.open(new MortalServer(id.place(), Way.ROWS_OF_TRANSACTION).id(id.spec()));
    }

    /** Stages all blocks; the rows of the last range come after a step. */
    List<StagedRange> stage(MysqlLoad load, Step step) {
      int last = blocks.size() - 3;
      List<StagedRange> receipts = new ArrayList<>(Target.stage(load, blocks.subList(0, last)));
      step.await();
      receipts.addAll(Target.stage(load, blocks.subList(last, blocks.size())));
      return receipts;
    }

    List<String> rows() throws SQLException {
      return target.query(way.rows());
    }

    void assertPublished(MysqlLoad load) throws SQLException {
      assertThat(rows()).isEqualTo(published);
      assertThat(target.leftovers(load.id())).isEmpty();
    }
  }
}
