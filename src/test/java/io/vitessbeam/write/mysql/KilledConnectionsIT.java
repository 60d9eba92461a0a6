package io.vitessbeam.write.mysql;

import static io.vitessbeam.testing.TestCluster.SHOP;
import static java.util.Comparator.naturalOrder;
import static org.assertj.core.api.Assertions.assertThat;

import io.vitessbeam.WriteStrategy;
import io.vitessbeam.block.Block;
import io.vitessbeam.connect.MysqlUri;
import io.vitessbeam.testing.TableRows;
import io.vitessbeam.testing.TestCluster;
import io.vitessbeam.testing.TestMysql;
import io.vitessbeam.write.LoadSpec;
import io.vitessbeam.write.StagedRange;
import io.vitessbeam.write.TargetTable;
import io.vitessbeam.write.load.LoadId;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Connections break, by KILL at the MySQL server, over and over while rows are loaded. */
class KilledConnectionsIT {

  private static final int ROWS = 60_000;
  private static final int KNOWN = 10_000;

  /** Grows, so that in the end a transaction of any length gets through. */
  private static final long FIRST_PAUSE_MILLIS = 200;

  private final ExecutorService threads = Executors.newCachedThreadPool();

  /** Whose connections break. */
  enum Place {
    /** A load's own connections to a plain server. */
    MYSQL {
      @Override
      Server server() {
        return new PlainServer(MysqlUri.parse(TestMysql.shared().uri()));
      }

      @Override
      Connection killer() throws SQLException {
        return TestMysql.shared().connect();
      }

      @Override
      String victims() {
        return TestMysql.USER;
      }

      @Override
      List<String> rows(String sql) throws SQLException {
        try (Connection connection = TestMysql.shared().connect()) {
          return TableRows.of(connection, sql);
        }
      }
    },

    /** Those of a vttablet to its MySQL, behind a vtgate. */
    VTTABLET {
      @Override
      Server server() {
        return new VitessServer(TestCluster.shared().uri(SHOP));
      }

      @Override
      Connection killer() throws SQLException {
        return TestCluster.shared().connectToMysqld(SHOP);
      }

      @Override
      String victims() {
        return "vt_app";
      }

      @Override
      List<String> rows(String sql) throws SQLException {
        try (Connection connection = TestCluster.shared().connect(SHOP + ":0")) {
          return TableRows.ofVitess(connection, sql);
        }
      }
    };

    abstract Server server();

    abstract Connection killer() throws SQLException;

    /** The user whose connections are killed. */
    abstract String victims();

    /** All rows, sorted, each as one text. */
    abstract List<String> rows(String sql) throws SQLException;
  }

  static Stream<Arguments> placesAndStrategies() {
    return Arrays.stream(Place.values())
        .flatMap(
            place ->
                Arrays.stream(WriteStrategy.values())
                    .map(strategy -> Arguments.of(place, strategy)));
  }

  @AfterEach
  void endThreads() {
    threads.shutdownNow();
  }

  @ParameterizedTest
  @MethodSource("placesAndStrategies")
  void everyConnectionIsKilledAgainAndAgain(Place place, WriteStrategy strategy) throws Exception {
    String table = TestMysql.shared().newTable("faults");
    Source before = Source.items().items(0, KNOWN, "old");
    // What an append adds must have no keys that are there.
    int from = strategy == WriteStrategy.APPEND ? KNOWN : 0;
    Source source = Source.items().items(from, from + ROWS, "new");
    load(id(place, table, strategy), before.in(1, 2000).blocks());

    try (Connection killer = place.killer()) {
      loadUnderFire(id(place, table, strategy), source.in(2, 6000).blocks(), place, killer);
    }

    List<String> expected = new ArrayList<>(source.texts());
    if (strategy == WriteStrategy.APPEND) {
      expected.addAll(before.texts());
    }
    String rows = "SELECT CONCAT_WS('|', id, name, changed) FROM " + table;
    boolean versions = strategy == WriteStrategy.SCD2;
    assertRows(place.rows(rows + (versions ? " WHERE _scd_is_current" : "")), expected);
    if (versions) {
      assertRows(place.rows(rows + " WHERE NOT _scd_is_current"), before.texts());
    }
    assertThat(place.rows("SHOW TABLES LIKE '\\_vitessbeam\\_%'"))
        .contains("_vitessbeam_loads|", "_vitessbeam_workers|")
        // The positions are those of other tests of this server.
        .isSubsetOf("_vitessbeam_loads|", "_vitessbeam_positions|", "_vitessbeam_workers|");
  }

  private void loadUnderFire(LoadId<Server> id, List<Block> blocks, Place place, Connection killer)
      throws Exception {
    MysqlLoad load = new MysqlLoads(Target.TIMINGS).acquire(id);
    List<StagedRange> receipts = new ArrayList<>();
    for (Block block : blocks) {
      load.stage(block).ifPresent(receipts::add);
      // The next block, or the publication, meets a dead session.
      assertThat(killAll(place, killer)).isPositive();
    }
    CountDownLatch over = new CountDownLatch(1);
    Future<Integer> killing = threads.submit(() -> killUntil(over, place, killer));
    load.publish(receipts);
    load.release();
    over.countDown();
    switch (id.spec().strategy()) {
      case MERGE, DELETE_INSERT, SCD2 -> assertThat(killing.get()).isPositive();
      // May be over before the first shot.
      case REPLACE, APPEND -> assertThat(killing.get()).isNotNegative();
    }
  }

  private static int killUntil(CountDownLatch over, Place place, Connection killer)
      throws Exception {
    int kills = 0;
    long pause = FIRST_PAUSE_MILLIS;
    while (!over.await(pause, TimeUnit.MILLISECONDS)) {
      kills += killAll(place, killer);
      pause += pause / 4;
    }
    return kills;
  }

  /** Tells how many they were. */
  private static int killAll(Place place, Connection killer) throws SQLException {
    int kills = 0;
    for (List<String> session :
        MysqlSql.rows(
            killer,
            "SELECT ID FROM information_schema.PROCESSLIST WHERE USER = '"
                + place.victims()
                + "' AND ID <> CONNECTION_ID()")) {
      try {
        MysqlSql.update(killer, "KILL " + session.get(0));
        kills++;
      } catch (SQLException e) {
        // It has just ended by itself.
        assertThat(e.getMessage()).contains("Unknown thread id");
      }
    }
    return kills;
  }

  private static LoadId<Server> id(Place place, String table, WriteStrategy strategy) {
    LoadSpec spec =
        LoadSpec.of(UUID.randomUUID().toString())
            .withTable(new TargetTable("", table))
            .withStrategy(strategy)
            .withIncrementalKey(strategy == WriteStrategy.DELETE_INSERT ? "id" : "");
    return place.server().id(spec);
  }

  private static void load(LoadId<Server> id, List<Block> blocks) {
    MysqlLoad load = new MysqlLoads(Target.TIMINGS).acquire(id);
    load.publish(Target.stage(load, blocks));
    load.release();
  }

  private static void assertRows(List<String> rows, List<String> expected) {
    // Not by AssertJ's own comparison, which would print all of them.
    List<String> sorted = expected.stream().map(row -> row + "|").sorted(naturalOrder()).toList();
    assertThat(rows).hasSameSizeAs(sorted);
    assertThat(rows.equals(sorted)).as("every value of every row").isTrue();
  }
}
