package io.vitessbeam.write.mysql;

import static io.vitessbeam.testing.TestCluster.SHOP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitessbeam.DataException;
import io.vitessbeam.WriteStrategy;
import io.vitessbeam.block.Block;
import io.vitessbeam.testing.TableRows;
import io.vitessbeam.testing.TabletMetrics;
import io.vitessbeam.testing.TestCluster;
import io.vitessbeam.write.LoadSpec;
import io.vitessbeam.write.StagedRange;
import io.vitessbeam.write.TargetTable;
import io.vitessbeam.write.mysql.Registry.Entry;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Another tablet becomes the primary in the middle of a merge. */
class NewPrimaryIT {

  private static final int ROWS = 300_000;
  private static final int KNOWN = 150_000;

  /** So many transactions of the publication that none of the changes is over before they are. */
  private static final int ROWS_OF_TRANSACTION = 1000;

  private static final int STAGING_THREADS = 2;
  private static final long LOOK_EVERY_MILLIS = 20;

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final String table = TestCluster.shared().newTable("merged");
  private final Source source = Source.items().items(0, ROWS, "new");

  /** When the primary changes. */
  enum Moment {
    STAGING,
    PUBLISHING
  }

  @AfterEach
  void endThreads() {
    threads.shutdownNow();
  }

  @ParameterizedTest
  @EnumSource
  void aPlannedOneIsBorne(Moment moment) throws Exception {
    TestCluster cluster = TestCluster.shared();
    loadKnown(cluster);
    Merging merging = new Merging(cluster, moment);

    merging.await(1 / 8.0);
    merging.change(() -> cluster.reparent(SHOP, "0"));

    merging.end();
    assertMerged(cluster);
  }

  /** The primary dies without a word, and what it committed last is lost with it. */
  @ParameterizedTest
  @EnumSource
  void whatACrashLosesIsDoneAgainOrSaid(Moment moment) throws Exception {
    try (TestCluster cluster = TestCluster.own(1)) {
      loadKnown(cluster);
      Merging merging = new Merging(cluster, moment);

      merging.await(1 / 8.0);
      cluster.stopReplication(SHOP);
      if (moment == Moment.STAGING) {
        merging.allow(0.25);
      }
      merging.await(moment == Moment.STAGING ? 0.7 : merging.done() + 1 / 16.0);
      merging.change(
          () -> {
            cluster.killMysqld(cluster.primary(SHOP));
            return cluster.emergencyReparent(SHOP, "0");
          });

      switch (moment) {
        case PUBLISHING -> merging.end();
        case STAGING -> {
          // Its runner believes that these blocks are staged.
          assertThatThrownBy(merging::end)
              .isInstanceOf(DataException.class)
              .hasMessageContaining(" is not published: ")
              .hasMessageContaining("of 4 ranges were staged completely");
          load(id(cluster, WriteStrategy.MERGE), source.in(4, 4000).blocks());
        }
      }
      assertMerged(cluster);
    }
  }

  /** Half of the rows are there before. */
  private void loadKnown(TestCluster cluster) {
    load(
        id(cluster, WriteStrategy.REPLACE),
        Source.items().items(0, KNOWN, "old").in(2, 4000).blocks());
  }

  /** A merge, during which the primary changes; the new one has to do the rest of the work. */
  private final class Merging {
    private final TestCluster cluster;
    private final Moment moment;
    private final LoadId id;
    private final List<Block> blocks = source.in(4, 4000).blocks();

    /** Blocks that may be staged: so a load is where it should be, however slow a script is. */
    private final Semaphore allowed = new Semaphore(0);

    private final Future<Void> work;
    private TabletMetrics beforeChange;

    Merging(TestCluster cluster, Moment moment) {
      this.cluster = cluster;
      this.moment = moment;
      this.id = id(cluster, WriteStrategy.MERGE);
      this.work = threads.submit(this::merge);
      allow(moment == Moment.STAGING ? 0.5 : 1);
    }

    private Void merge() throws Exception {
      MysqlLoad load = new Loads().acquire(id);
      try {
        load.publish(stage(load));
        load.release();
      } catch (DataException e) {
        load.abort();
        throw e;
      }
      return null;
    }

    /** By some threads. */
    private List<StagedRange> stage(MysqlLoad load) throws Exception {
      List<Future<List<StagedRange>>> parts = new ArrayList<>();
      for (int thread = 0; thread < STAGING_THREADS; thread++) {
        int first = thread;
        parts.add(
            threads.submit(
                () -> {
                  List<StagedRange> receipts = new ArrayList<>();
                  for (int i = first; i < blocks.size(); i += STAGING_THREADS) {
                    allowed.acquire();
                    load.stage(blocks.get(i)).ifPresent(receipts::add);
                  }
                  return receipts;
                }));
      }
      List<StagedRange> receipts = new ArrayList<>();
      for (Future<List<StagedRange>> part : parts) {
        receipts.addAll(get(part));
      }
      return receipts;
    }

    /** Lets so large a part of the blocks be staged beside those that were allowed before. */
    void allow(double part) {
      allowed.release((int) (part * blocks.size()));
    }

    /** Waits until a part of the blocks is in the ledger, or of the rows is published. */
    void await(double part) throws Exception {
      while (done() < part) {
        assertThat(work.isDone()).as("the load was over too early").isFalse();
        TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MILLIS);
      }
    }

    /** The part that is done. */
    double done() throws SQLException {
      try (Connection connection = cluster.connect(SHOP + ":0")) {
        Optional<Entry> entry = Registry.find(new Session(connection), id.digest());
        if (entry.isEmpty()) {
          return 0;
        }
        return switch (moment) {
          case STAGING -> (double) blocksStaged(connection, entry.get().names()) / blocks.size();
          case PUBLISHING -> (double) entry.get().progress() * ROWS_OF_TRANSACTION / ROWS;
        };
      }
    }

    private long blocksStaged(Connection connection, Names names) throws SQLException {
      try {
        return Sql.number(connection, "SELECT COUNT(*) FROM " + Names.quoted(names.ledger()));
      } catch (SQLException e) {
        assertThat(Failures.isNoSuchTable(e)).as("not yet created: " + e).isTrue();
        return 0;
      }
    }

    void change(IntSupplier change) throws SQLException {
      Map<Integer, TabletMetrics> before = cluster.metrics(SHOP);
      assertThat(done()).isLessThan(0.8);
      int primary = change.getAsInt();
      allow(1);
      beforeChange = before.get(primary);
    }

    void end() throws Exception {
      get(work);
      assertThat(cluster.primaryMetrics(SHOP).statementsSince(beforeChange)).containsKey("COMMIT");
    }
  }

  private static <T> T get(Future<T> work) throws Exception {
    try {
      return work.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException failure ? failure : e;
    }
  }

  private LoadId id(TestCluster cluster, WriteStrategy strategy) {
    LoadSpec spec =
        LoadSpec.of(UUID.randomUUID().toString())
            .withTable(new TargetTable("", table))
            .withStrategy(strategy);
    return new LoadId(
        new MortalServer(new VitessServer(cluster.uri(SHOP)), ROWS_OF_TRANSACTION), spec);
  }

  private static void load(LoadId id, List<Block> blocks) {
    MysqlLoad load = new Loads().acquire(id);
    load.publish(Target.stage(load, blocks));
    load.release();
  }

  private void assertMerged(TestCluster cluster) throws SQLException {
    try (Connection connection = cluster.connect(SHOP + ":0")) {
      List<String> rows =
          TableRows.ofVitess(connection, "SELECT CONCAT_WS('|', id, name, changed) FROM " + table);
      assertThat(rows).hasSize(ROWS);
      // Not by AssertJ's own comparison, which would print all of them.
      List<String> expected = source.texts().stream().map(row -> row + "|").sorted().toList();
      assertThat(rows.equals(expected)).as("every value of every row").isTrue();
    }
    try (Connection connection = cluster.connect(SHOP + ":0")) {
      assertThat(TableRows.ofVitess(connection, "SHOW TABLES LIKE '\\_vitessbeam\\_%'"))
          .containsExactly("_vitessbeam_loads|");
    }
  }
}
