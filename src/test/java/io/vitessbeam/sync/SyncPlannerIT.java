package io.vitessbeam.sync;

import static io.vitessbeam.testing.TestVitess.CUSTOMER;
import static io.vitessbeam.testing.TestVitess.SHOP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitessbeam.ConfigurationException;
import io.vitessbeam.DataException;
import io.vitessbeam.NeedsRefreshException;
import io.vitessbeam.TransientException;
import io.vitessbeam.Vgtid;
import io.vitessbeam.Vgtid.ShardGtid;
import io.vitessbeam.VitessBeamException;
import io.vitessbeam.connect.GrpcAddress;
import io.vitessbeam.connect.GrpcTls;
import io.vitessbeam.connect.Secret;
import io.vitessbeam.connect.VitessCdcUri;
import io.vitessbeam.sync.TablePlan.Action;
import io.vitessbeam.testing.TestVitess;
import io.vitessbeam.vstream.follow.StreamEnd;
import io.vitessbeam.vstream.position.ExecutedGtids;
import io.vitessbeam.vstream.position.GtidSet;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A run is planned against a real server, and what can't work is refused before it begins. */
class SyncPlannerIT {

  private static final TestVitess VITESS = TestVitess.shared();
  private static final String UNKNOWN_SERVER = "MySQL56/11111111-2222-3333-4444-555555555555:1-7";

  @ParameterizedTest
  @ValueSource(strings = {SHOP, CUSTOMER})
  void aNewTableIsCopiedFromWhatTheServersHaveExecuted(String keyspace) throws SQLException {
    String table = create(keyspace, "(id BIGINT PRIMARY KEY, note VARCHAR(20))");
    Vgtid before = ExecutedGtids.read(VITESS.uri(keyspace));

    SyncPlan plan = new SyncPlanner(options(keyspace, table)).plan(new StoredTables(List.of()));

    assertThat(plan.round()).isEqualTo(1);
    assertThat(plan.shards()).isEqualTo(before.shardNames());
    TablePlan planned = plan.tables().get(0);
    assertThat(planned.action()).isEqualTo(Action.COPY);
    assertThat(planned.reason()).isEmpty();
    assertThat(planned.epoch()).isZero();
    assertThat(planned.schema().primaryKey()).containsExactly("id");
    assertThat(planned.from().shardNames()).isEqualTo(plan.shards());
    for (String shard : plan.shards()) {
      // Others may write meanwhile.
      GtidSet from = GtidSet.parse(planned.from().gtid(shard));
      assertThat(from).matches(set -> set.contains(GtidSet.parse(before.gtid(shard))));
      assertThat(executed(keyspace + ":" + shard)).matches(set -> set.contains(from));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {SHOP, CUSTOMER})
  void aKnownTableIsFollowedFromWhereItStood(String keyspace) throws SQLException {
    String table = create(keyspace, "(id BIGINT PRIMARY KEY, note VARCHAR(20))");
    TablePlan first = plan(keyspace, table, StoredTable.absent(table));
    VITESS.execute(keyspace, "INSERT INTO `" + table + "` (id, note) VALUES (1, 'a')");
    StoredTable stored = new StoredTable(table, first.from(), 3, first.definition());

    TablePlan second = plan(keyspace, table, stored);

    assertThat(second.action()).isEqualTo(Action.FOLLOW);
    assertThat(second.from()).isEqualTo(first.from());
    assertThat(second.epoch()).isEqualTo(3);
    assertThat(second.definition()).isEqualTo(first.definition());
  }

  @Test
  void aChangedTableIsCopiedAgain() throws SQLException {
    String table = create(SHOP, "(id BIGINT PRIMARY KEY, note VARCHAR(20), more INT)");
    TablePlan first = plan(SHOP, table, StoredTable.absent(table));
    StoredTable stored = new StoredTable(table, first.from(), 3, first.definition());
    VITESS.execute(SHOP, "ALTER TABLE " + table + " ADD COLUMN last INT");

    TablePlan wider = plan(SHOP, table, stored);

    assertThat(wider.action()).isEqualTo(Action.FOLLOW);
    assertThat(wider.schema().columns()).hasSize(4);
    VITESS.execute(SHOP, "ALTER TABLE " + table + " DROP COLUMN more");

    TablePlan again = plan(SHOP, table, stored);

    assertThat(again.action()).isEqualTo(Action.COPY_AGAIN);
    assertThat(again.reason()).contains("more");
    assertThat(again.epoch()).isEqualTo(3);
    assertThat(again.from()).isNotEqualTo(stored.position());
    assertThatThrownBy(
            () ->
                new SyncPlanner(options(SHOP, table).withFrozenSchema(true))
                    .plan(new StoredTables(List.of(stored))))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("shop." + table + " changed")
        .hasMessageContaining("more");
  }

  @Test
  void aPositionOfAnotherClusterIsRefused() throws SQLException {
    String table = create(SHOP, "(id BIGINT PRIMARY KEY)");

    assertRefused(
        SHOP,
        table,
        new Vgtid(SHOP, List.of(new ShardGtid("0", UNKNOWN_SERVER))),
        "on shard 0 holds transactions that the server never had");
  }

  @Test
  void aPositionAheadOfTheServerIsRefused() throws SQLException {
    String table = create(SHOP, "(id BIGINT PRIMARY KEY)");
    String executed = executed(SHOP + ":0").sql();
    String ahead = executed.replaceAll("-(\\d+)$", "-9$1");

    assertRefused(
        SHOP,
        table,
        new Vgtid(SHOP, List.of(new ShardGtid("0", "MySQL56/" + ahead))),
        "on shard 0 holds transactions that the server never had");
  }

  @Test
  void aPositionBeforeWhatWasPurgedIsRefused() throws SQLException {
    String table = create(SHOP, "(id BIGINT PRIMARY KEY)");
    Vgtid nothing = new Vgtid(SHOP, List.of(new ShardGtid("0", "MySQL56/")));
    purgeLogsBeforeNow();

    assertRefused(
        SHOP, table, nothing, "on shard 0 is from before binary logs that were purged since");
  }

  @Test
  void aPositionOfOtherShardsIsRefused() throws SQLException {
    String table = create(CUSTOMER, "(id BIGINT PRIMARY KEY)");

    assertRefused(
        CUSTOMER,
        table,
        new Vgtid(CUSTOMER, List.of(new ShardGtid("0", UNKNOWN_SERVER))),
        "has the shard 0, and the keyspace consists of -80, 80-: it was resharded");
    assertRefused(
        CUSTOMER,
        table,
        new Vgtid(CUSTOMER, List.of(new ShardGtid("-80", UNKNOWN_SERVER))),
        "has no shard 80-, and the keyspace consists of -80, 80-: it was resharded");
  }

  @Test
  void aPositionOfAnotherKeyspaceIsRefused() throws SQLException {
    String table = create(SHOP, "(id BIGINT PRIMARY KEY)");

    assertRefused(
        SHOP,
        table,
        new Vgtid(CUSTOMER, List.of(new ShardGtid("0", UNKNOWN_SERVER))),
        "is one of keyspace customer");
  }

  @Test
  void aFullRefreshAsksForNoPosition() throws SQLException {
    String table = create(SHOP, "(id BIGINT PRIMARY KEY)");
    Vgtid position = new Vgtid(SHOP, List.of(new ShardGtid("0", UNKNOWN_SERVER)));
    StoredTable stored = new StoredTable(table, position, 3, "");

    SyncPlan plan =
        new SyncPlanner(options(SHOP, table).withFullRefresh(true))
            .plan(new StoredTables(List.of(stored)));

    assertThat(plan.tables().get(0).action()).isEqualTo(Action.COPY);
    assertThat(plan.tables().get(0).epoch()).isZero();
  }

  @Test
  void tablesWithoutAPrimaryKey() throws SQLException {
    String one = create(SHOP, "(id BIGINT NOT NULL, note VARCHAR(20))");
    String two = create(SHOP, "(id BIGINT NOT NULL)");
    StoredTables none = new StoredTables(List.of());

    assertThatThrownBy(() -> new SyncPlanner(options(SHOP, one)).plan(none))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(
            "table "
                + one
                + " has no primary key; provide --primary-key or add a primary key to the source"
                + " table");
    assertThatThrownBy(() -> new SyncPlanner(options(SHOP, one, two)).plan(none))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("tables " + Stream.of(one, two).sorted().toList().get(0))
        .hasMessageContaining(two)
        .hasMessageContaining("have no primary key; exclude them");
    SyncPlan plan = new SyncPlanner(options(SHOP, one).withPrimaryKey(List.of("id"))).plan(none);
    assertThat(plan.tables().get(0).schema().primaryKey()).containsExactly("id");
  }

  @Test
  void allTablesOfAKeyspaceAreNeitherViewsNorInternal() throws SQLException {
    String table = create(SHOP, "(id BIGINT PRIMARY KEY)");
    String view = VITESS.newTable("view");
    VITESS.execute(SHOP + ":0", "CREATE VIEW " + view + " AS SELECT id FROM " + table);
    try (SourceTables source = new SourceTables(VITESS.uri(SHOP), List.of("0"))) {
      assertThat(source.names()).contains(table).doesNotContain(view);
    }

    assertThatThrownBy(() -> new SyncPlanner(options(SHOP, view)).plan(new StoredTables(List.of())))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("Keyspace shop has no table " + view + "; it has ");
  }

  @Test
  void aTableWithoutAVindexIsOnAnyShard() throws SQLException {
    String table = VITESS.newTable("whole");
    for (String shard : List.of("-80", "80-")) {
      VITESS.execute(CUSTOMER + ":" + shard, "CREATE TABLE " + table + " (id BIGINT PRIMARY KEY)");
    }

    assertThatThrownBy(
            () -> new SyncPlanner(options(CUSTOMER, table)).plan(new StoredTables(List.of())))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("vindex")
        .hasMessageContaining(table);
  }

  @Test
  void theSecondRoundCopiesWhatCouldNotBeFollowed() throws Exception {
    String broken = create(SHOP, "(id BIGINT PRIMARY KEY)");
    String followed = create(SHOP, "(id BIGINT PRIMARY KEY)");
    SyncPlanner planner = new SyncPlanner(options(SHOP, broken, followed));
    SyncPlan first = planner.plan(new StoredTables(List.of()));

    assertThat(planner.planAgain(first, List.of(end(Map.of()))).tables()).isEmpty();
    SyncPlan second = planner.planAgain(first, List.of(end(Map.of(broken, "it was altered"))));

    assertThat(second.round()).isEqualTo(2);
    assertThat(second.tables()).extracting(TablePlan::table).containsExactly(broken);
    assertThat(second.tables().get(0).action()).isEqualTo(Action.COPY);
    assertThat(second.tables().get(0).reason()).isEqualTo("it was altered");
    VITESS.execute(SHOP, "DROP TABLE " + broken);
    assertThatThrownBy(
            () -> planner.planAgain(first, List.of(end(Map.of(broken, "it was dropped")))))
        .isInstanceOf(DataException.class)
        .hasMessageContaining(broken + " was dropped or renamed during the run");
  }

  @Test
  void otherShardsThanPlannedFailTheRun() {
    SyncPlan plan = new SyncPlan(1, List.of("0"), List.of());

    assertThatThrownBy(
            () -> RoundStreams.requireSameShards(plan, ExecutedGtids.read(VITESS.uri(CUSTOMER))))
        .isInstanceOf(TransientException.class)
        .hasMessageContaining("was resharded during the run, from 0 to -80, 80-: run again");
  }

  @ParameterizedTest
  @ValueSource(strings = {SHOP, CUSTOMER})
  void everyShardIsReadInRangesOfThePrimaries(String keyspace) throws SQLException {
    String table = create(keyspace, "(id BIGINT PRIMARY KEY, day DATE, price FLOAT)");
    SyncOptions options = options(keyspace, table);
    SyncPlan plan = new SyncPlanner(options).plan(new StoredTables(List.of()));

    List<String> shards = new ArrayList<>();
    new CopyRanges(options)
        .plan(
            plan,
            range -> {
              shards.add(range.shard());
              assertThat(range.request().uri()).isEqualTo(VITESS.uri(keyspace).withoutAddress());
              assertThat(range.request().limit()).isEqualTo(-1);
              assertThat(range.request().schema()).isEqualTo(plan.tables().get(0).schema());
              assertThat(range.request().rangeKey()).hasSize(1);
            });

    assertThat(shards).isEqualTo(plan.shards());
  }

  @Test
  void aPortWithoutStreamsIsRefused() throws SQLException {
    String table = create(SHOP, "(id BIGINT PRIMARY KEY)");
    GrpcAddress mysqlPort =
        new GrpcAddress(VITESS.host(), VITESS.port(), "", new Secret(""), GrpcTls.NONE);
    SyncOptions options =
        options(SHOP, table)
            .withUri(new VitessCdcUri(VITESS.uri(SHOP), mysqlPort, "", false, false));

    assertThatThrownBy(() -> new SyncPlanner(options).plan(new StoredTables(List.of())))
        .isInstanceOf(VitessBeamException.class)
        .hasMessageContaining(String.valueOf(VITESS.port()))
        .hasMessageContaining("gRPC");
  }

  @Test
  void floatsAreNotCopiedByVStream() throws SQLException {
    String table = create(SHOP, "(id BIGINT PRIMARY KEY, price FLOAT)");
    VitessCdcUri olap = options(SHOP, table).uri();
    SyncOptions options = options(SHOP, table).withUri(olap.withVstreamCopy());

    assertThatThrownBy(() -> new SyncPlanner(options).plan(new StoredTables(List.of())))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("copy=vstream")
        .hasMessageContaining("price");
    assertThat(
            new SyncPlanner(options.withoutColumns(List.of("price")))
                .plan(new StoredTables(List.of()))
                .tables())
        .hasSize(1);
  }

  private static StreamEnd end(Map<String, String> broken) {
    return new StreamEnd(1, 0, 1, "0", UNKNOWN_SERVER, 0, broken);
  }

  private static void assertRefused(String keyspace, String table, Vgtid position, String why) {
    assertThatThrownBy(() -> plan(keyspace, table, new StoredTable(table, position, 0, "")))
        .isInstanceOf(NeedsRefreshException.class)
        .hasMessageContaining("The position of " + keyspace + "." + table)
        .hasMessageContaining(why)
        .hasMessageContaining("copy the table anew");
  }

  private static TablePlan plan(String keyspace, String table, StoredTable stored) {
    return new SyncPlanner(options(keyspace, table))
        .plan(new StoredTables(List.of(stored)))
        .tables()
        .get(0);
  }

  private static SyncOptions options(String keyspace, String... tables) {
    return SyncOptions.of(VitessCdcUri.of(VITESS.uri(keyspace), VITESS.host(), VITESS.grpcPort()))
        .withTables(List.of(tables));
  }

  private static String create(String keyspace, String definition) throws SQLException {
    String table = VITESS.newTable("sync");
    if (keyspace.equals(SHOP)) {
      VITESS.execute(SHOP, "CREATE TABLE " + table + " " + definition);
    } else {
      VITESS.createSharded(table, "id", "hash", definition);
    }
    return table;
  }

  private static GtidSet executed(String target) throws SQLException {
    try (Connection connection = VITESS.connect(target);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT @@global.gtid_executed")) {
      rows.next();
      return GtidSet.parse(rows.getString(1));
    }
  }

  /** Purges what no test will ask for any more, as tests run one after the other. */
  private static void purgeLogsBeforeNow() throws SQLException {
    VITESS.execute(SHOP + ":0", "FLUSH BINARY LOGS");
    String log = "";
    try (Connection connection = VITESS.connect(SHOP + ":0");
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SHOW BINARY LOGS")) {
      while (rows.next()) {
        log = rows.getString(1);
      }
    }
    // vtgate knows the statement, and lets it pass inside of a procedure only.
    String procedure = VITESS.newTable("purge");
    VITESS.execute(
        SHOP + ":0",
        "CREATE PROCEDURE " + procedure + "() PURGE BINARY LOGS TO '" + log + "'",
        "CALL " + procedure + "()",
        "DROP PROCEDURE " + procedure);
  }
}
