package io.vitessbeam.write.mysql;

import static io.vitessbeam.testing.TestVitess.SHOP;

import io.vitessbeam.LoadedTable;
import io.vitessbeam.WriteStrategy;
import io.vitessbeam.block.Block;
import io.vitessbeam.connect.VitessUri;
import io.vitessbeam.testing.TestCluster;
import io.vitessbeam.testing.TestVitess;
import io.vitessbeam.write.LoadSpec;
import io.vitessbeam.write.StagedRange;
import io.vitessbeam.write.TargetTable;
import io.vitessbeam.write.load.LoadId;
import io.vitessbeam.write.load.LoadTimings;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.function.UnaryOperator;

/** A table of an unsharded keyspace that is loaded. */
public final class Target {

  static final TestVitess VITESS = TestVitess.shared();

  /** Short, but for a server of which another part becomes the primary. */
  static final LoadTimings TIMINGS =
      new LoadTimings(
          Duration.ofMillis(50),
          Duration.ofSeconds(1),
          Duration.ofMillis(500),
          Duration.ofMinutes(3),
          Duration.ofMinutes(10),
          Duration.ofMillis(50),
          Duration.ofMinutes(1),
          Duration.ofMinutes(2));

  private final String table;
  private final VitessUri uri;
  private final Connecting connecting;
  private final MysqlLoads loads = new MysqlLoads(TIMINGS);

  /** Opens a session in the one shard. */
  private interface Connecting {
    Connection open() throws SQLException;
  }

  public Target() {
    this(VITESS.newTable("t"));
  }

  /** Of the Vitess that all tests share. */
  public Target(String table) {
    this(table, VITESS.uri(SHOP), () -> VITESS.connect(SHOP + ":0"));
  }

  public Target(TestCluster cluster) {
    this(cluster.newTable("t"), cluster.uri(SHOP), () -> cluster.connect(SHOP + ":0"));
  }

  private Target(String table, VitessUri uri, Connecting connecting) {
    this.table = table;
    this.uri = uri;
    this.connecting = connecting;
  }

  String name() {
    return table;
  }

  public String quoted() {
    return LoadNames.quoted(table);
  }

  public LoadId<Server> id(WriteStrategy strategy, UnaryOperator<LoadSpec> options) {
    LoadSpec spec =
        LoadSpec.of(UUID.randomUUID().toString())
            .withTable(new TargetTable("", table))
            .withStrategy(strategy);
    return new VitessServer(uri).id(options.apply(spec));
  }

  public LoadedTable load(WriteStrategy strategy, Source source) {
    return load(strategy, spec -> spec, source);
  }

  public LoadedTable load(WriteStrategy strategy, UnaryOperator<LoadSpec> options, Source source) {
    return load(id(strategy, options), source.blocks());
  }

  public LoadedTable load(LoadId<Server> id, List<Block> blocks) {
    MysqlLoad load = loads.acquire(id);
    try {
      List<StagedRange> receipts = stage(load, blocks);
      return load.publish(receipts);
    } finally {
      load.release();
    }
  }

  public MysqlLoad open(LoadId<Server> id) {
    return loads.acquire(id);
  }

  /** Its JVM is dead. */
  void forget(MysqlLoad load) {
    loads.ended(load);
  }

  /** Nothing has been heard of a load for an hour. */
  void silence(LoadId<Server> id) throws SQLException {
    execute(
        "UPDATE _vitessbeam_loads SET heartbeat = heartbeat - INTERVAL 1 HOUR WHERE digest = '"
            + id.digest().toString()
            + "'");
  }

  static List<StagedRange> stage(MysqlLoad load, List<Block> blocks) {
    List<StagedRange> receipts = new ArrayList<>();
    blocks.forEach(block -> load.stage(block).ifPresent(receipts::add));
    return receipts;
  }

  public void execute(String... statements) throws SQLException {
    try (Connection connection = connecting.open();
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql.replace("$t", quoted()));
      }
    }
  }

  /** All rows, each as one text, in the order of the query; {@code $t} is the table. */
  public List<String> query(String sql) throws SQLException {
    try (Connection connection = connecting.open()) {
      return MysqlSql.rows(connection, sql.replace("$t", quoted())).stream()
          .map(row -> String.join("|", row.stream().map(String::valueOf).toList()))
          .toList();
    }
  }

  /** SHOW CREATE TABLE in lower case. */
  public String definition() throws SQLException {
    return query("SHOW CREATE TABLE $t").get(0).toLowerCase(Locale.ROOT);
  }

  /** What is left of loads of this table. */
  public List<String> leftovers(LoadId<Server> id) throws SQLException {
    return query("SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE()")
        .stream()
        .filter(name -> name.contains(id.digest().toString()))
        .toList();
  }
}
