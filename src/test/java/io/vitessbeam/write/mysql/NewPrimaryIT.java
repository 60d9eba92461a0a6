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
import io.vitessbeam.write.load.LoadId;
import io.vitessbeam.write.mysql.Registry.Entry;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Another tablet becomes the primary in the middle of a load. */
class NewPrimaryIT {

  private static final int ROWS = 60_000;
  private static final int KNOWN = 30_000;

  /** So many transactions of the publication that none of the changes is over before they are. */
  private static final int ROWS_OF_TRANSACTION = 500;

  private static final int STAGING_THREADS = 2;

  /** More permits than a load can need. */
  private static final int ALL = 1_000_000;

  private static final long LOOK_EVERY_MILLIS = 20;

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final String table = TestCluster.shared().newTable("loaded");

  /** When the primary changes. */
  enum Moment {
    STAGING,
    PUBLISHING
  }

  /** What is loaded into a table that has rows already. */
  enum Kind {
    MERGE(WriteStrategy.MERGE, 0),
    APPEND(WriteStrategy.APPEND, KNOWN),
    REPLACE_BY_NAMED_KEY(WriteStrategy.REPLACE, 0);

    private final WriteStrategy strategy;
    private final int first;

    Kind(WriteStrategy strategy, int first) {
      this.strategy = strategy;
      this.first = first;
    }

    Source source() {
      return Source.items().items(first, first + ROWS, "new").in(4, 1000);
    }

    /** All rows of the table then. */
    List<String> rows() {
      return Source.items().items(0, first, "old").items(first, first + ROWS, "new").texts();
    }
  }

  @AfterEach
  void endThreads() {
    threads.shutdownNow();
  }

  @ParameterizedTest
  @CsvSource({
    "STAGING, MERGE",
    "PUBLISHING, MERGE",
    "PUBLISHING, APPEND",
    "PUBLISHING, REPLACE_BY_NAMED_KEY"
  })
  void aPlannedOneIsBorne(Moment moment, Kind kind) throws Exception {
    TestCluster cluster = TestCluster.shared();
    loadKnown(cluster);
    Loading loading = new Loading(cluster, moment, kind);

    loading.await(1 / 8.0);
    loading.change(() -> cluster.reparent(SHOP, "0"));

    loading.end();
    assertLoaded(cluster, kind.rows());
  }

  /** A reader of the table makes the swap wait until then. */
  @Test
  void aSwapIsMadeByTheNewOne() throws Exception {
    TestCluster cluster = TestCluster.shared();
    loadKnown(cluster);
    Source source = Source.items().items(0, ROWS_OF_TRANSACTION, "new");
    try (Connection reader = cluster.connectToMysqld(SHOP);
        Statement statement = reader.createStatement()) {
      statement.execute("BEGIN");
      statement.execute("SELECT 1 FROM vt_" + SHOP + "." + table + " LIMIT 1");
      Future<?> load =
          threads.submit(() -> load(id(cluster, WriteStrategy.REPLACE), source.blocks()));
      awaitWaitingSwap(reader, load);
      cluster.reparent(SHOP, "0");
      load.get();
    }
    assertLoaded(cluster, source.texts());
  }

  private static void awaitWaitingSwap(Connection mysqld, Future<?> load) throws Exception {
    String waiting =
        "SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE INFO LIKE 'rename table %'"
            + " AND STATE = 'Waiting for table metadata lock'";
    while (MysqlSql.number(mysqld, waiting) == 0) {
      assertThat(load.isDone()).as("the swap did not wait").isFalse();
      TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MILLIS);
    }
  }

  /** The primary dies without a word, and what it committed last is lost with it. */
  @ParameterizedTest
  @CsvSource({
    "STAGING, MERGE",
    "PUBLISHING, MERGE",
    "PUBLISHING, APPEND",
    "PUBLISHING, REPLACE_BY_NAMED_KEY"
  })
  void whatACrashLosesIsDoneAgainOrSaid(Moment moment, Kind kind) throws Exception {
    try (TestCluster cluster = TestCluster.own(1)) {
      loadKnown(cluster);
      Loading loading = new Loading(cluster, moment, kind);

      loading.await(1 / 8.0);
      cluster.stopReplication(SHOP);
      loading.allow(0.25);
      loading.await(0.7);
      loading.change(
          () -> {
            cluster.killMysqld(cluster.primary(SHOP));
            return cluster.emergencyReparent(SHOP, "0");
          });

      switch (moment) {
        case PUBLISHING -> loading.end();
        case STAGING -> {
          // Its runner believes that these blocks are staged.
          assertThatThrownBy(loading::end)
              .isInstanceOf(DataException.class)
              .hasMessageContaining(" is not published: ")
              .hasMessageMatching(".*(of 4 ranges were staged completely|the ledger has).*");
          load(id(cluster, kind), kind.source().blocks());
        }
      }
      assertLoaded(cluster, kind.rows());
    }
  }

  /** Half of the rows are there before. */
  private void loadKnown(TestCluster cluster) {
    load(
        id(cluster, WriteStrategy.REPLACE),
        Source.items().items(0, KNOWN, "old").in(2, 4000).blocks());
  }

  /** A load, during which the primary changes; the new one has to do the rest of the work. */
  private final class Loading {
    private final TestCluster cluster;
    private final Moment moment;
    private final LoadId<Server> id;
    private final Kind kind;
    private final List<Block> blocks;

    /** So many may be staged: so a load is where it should be, however slow a script is. */
    private final Semaphore stagedBlocks;

    /** So many may publish, for the same reason. */
    private final Semaphore transactions;

    private final Future<Void> work;
    private TabletMetrics beforeChange;

    Loading(TestCluster cluster, Moment moment, Kind kind) {
      this.cluster = cluster;
      this.moment = moment;
      this.kind = kind;
      this.blocks = kind.source().blocks();
      this.id = id(cluster, kind);
      this.stagedBlocks = new Semaphore(moment == Moment.STAGING ? 0 : ALL);
      this.transactions = new Semaphore(moment == Moment.PUBLISHING ? 0 : ALL);
      this.work = threads.submit(this::load);
      allow(0.5);
    }

    private Void load() throws Exception {
      MysqlLoad load = new MysqlLoads(Target.TIMINGS).acquire(id);
      try {
        List<StagedRange> receipts = stage(load);
        try (SqlLog log = new SqlLog(this::awaitTransaction)) {
          load.publish(receipts);
          assertThat(log.statements()).contains("BEGIN");
        }
        load.release();
      } catch (DataException e) {
        load.abort();
        throw e;
      }
      return null;
    }

    private void awaitTransaction(String statement) {
      if (statement.equals("BEGIN")) {
        transactions.acquireUninterruptibly();
      }
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
                    stagedBlocks.acquire();
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

    /** Lets so large a part of the load's work be done beside what was allowed before. */
    void allow(double part) {
      switch (moment) {
        case STAGING -> stagedBlocks.release((int) (part * blocks.size()));
        case PUBLISHING -> transactions.release((int) (part * ROWS / ROWS_OF_TRANSACTION));
      }
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
        Optional<Entry> entry = Registry.find(new MysqlSession(connection), id.digest().toString());
        if (entry.isEmpty()) {
          return 0;
        }
        return switch (moment) {
          case STAGING -> (double) blocksStaged(connection, entry.get().names()) / blocks.size();
          case PUBLISHING -> (double) rowsPublished(connection, entry.get()) / ROWS;
        };
      }
    }

    private long rowsPublished(Connection connection, Entry entry) throws SQLException {
      return kind == Kind.APPEND
          ? MysqlSql.number(connection, "SELECT COUNT(*) FROM " + table) - KNOWN
          : entry.progress() * ROWS_OF_TRANSACTION;
    }

    private long blocksStaged(Connection connection, LoadNames names) throws SQLException {
      try {
        return MysqlSql.number(
            connection, "SELECT COUNT(*) FROM " + LoadNames.quoted(names.ledger()));
      } catch (SQLException e) {
        assertThat(MysqlFailures.isNoSuchTable(e)).as("not yet created: " + e).isTrue();
        return 0;
      }
    }

    void change(IntSupplier change) throws SQLException {
      Map<Integer, TabletMetrics> before = cluster.metrics(SHOP);
      assertThat(done()).isLessThan(0.8);
      int primary = change.getAsInt();
      // Some of it is done more than once.
      allow(10);
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

  private LoadId<Server> id(TestCluster cluster, Kind kind) {
    LoadId<Server> id = id(cluster, kind.strategy);
    return kind == Kind.REPLACE_BY_NAMED_KEY
        ? id.place().id(id.spec().withPrimaryKey(List.of("id")))
        : id;
  }

  private LoadId<Server> id(TestCluster cluster, WriteStrategy strategy) {
    LoadSpec spec =
        LoadSpec.of(UUID.randomUUID().toString())
            .withTable(new TargetTable("", table))
            .withStrategy(strategy);
    return new MortalServer(new VitessServer(cluster.uri(SHOP)), ROWS_OF_TRANSACTION).id(spec);
  }

  private static void load(LoadId<Server> id, List<Block> blocks) {
    MysqlLoad load = new MysqlLoads(Target.TIMINGS).acquire(id);
    load.publish(Target.stage(load, blocks));
    load.release();
  }

  private void assertLoaded(TestCluster cluster, List<String> expectedRows) throws SQLException {
    try (Connection connection = cluster.connect(SHOP + ":0")) {
      List<String> rows =
          TableRows.ofVitess(connection, "SELECT CONCAT_WS('|', id, name, changed) FROM " + table);
      assertThat(rows).hasSameSizeAs(expectedRows);
      // Not by AssertJ's own comparison, which would print all of them.
      List<String> expected = expectedRows.stream().map(row -> row + "|").sorted().toList();
      assertThat(rows.equals(expected)).as("every value of every row").isTrue();
    }
    try (Connection connection = cluster.connect(SHOP + ":0")) {
      assertThat(TableRows.ofVitess(connection, "SHOW TABLES LIKE '\\_vitessbeam\\_%'"))
          .containsExactly("_vitessbeam_loads|", "_vitessbeam_workers|");
    }
  }
}
