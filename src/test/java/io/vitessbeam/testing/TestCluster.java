package io.vitessbeam.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.vitessbeam.connect.VitessUri;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The one full Vitess cluster of all integration tests of this JVM, started by {@code
 * runners/vitess/cluster} at its first use: keyspaces {@code shop} and {@code customer} with one
 * shard each, a replica for every primary, and a login. It has what {@link TestVitess} can't have:
 * replication, reparents, resharding. Tests share it, so each makes tables of names of its own.
 */
public final class TestCluster implements AutoCloseable {

  public static final String SHOP = "shop";
  public static final String CUSTOMER = "customer";
  public static final String USER = "tests";
  public static final String PASSWORD = "geh3im";

  private static final AtomicInteger TABLES = new AtomicInteger();

  /** May log in at the mysqlds, whose other users come by their sockets only. */
  private static final String ADMIN = "tests_admin";

  private static TestCluster shared;

  private final String name;
  private final String host;
  private final int port;
  private final int grpcPort;
  private final Map<Integer, Integer> httpPorts = new HashMap<>();
  private final Map<Integer, Integer> mysqldPorts = new HashMap<>();

  private TestCluster(JsonNode started) {
    this.name = started.path("name").textValue();
    this.host = started.path("host").textValue();
    this.port = started.path("mysql_port").intValue();
    this.grpcPort = started.path("grpc_port").intValue();
    for (JsonNode tablet : started.path("tablets")) {
      httpPorts.put(tablet.path("uid").intValue(), tablet.path("http_port").intValue());
      mysqldPorts.put(tablet.path("uid").intValue(), tablet.path("mysqld_port").intValue());
    }
  }

  public static synchronized TestCluster shared() {
    if (shared == null) {
      shared = start("--keyspaces=" + SHOP + "," + CUSTOMER, "--num-shards=1,1", "--replicas=1");
    }
    return shared;
  }

  /**
   * A cluster of a test's own, which may break it: one keyspace, {@code shop}, with one shard.
   *
   * @param replicas beside the primary
   */
  public static TestCluster own(int replicas) {
    return start("--keyspaces=" + SHOP, "--replicas=" + replicas);
  }

  /**
   * The same with the keyspace {@code customer} beside it, and the same number of replicas for
   * both.
   */
  public static TestCluster ownPair(int replicas) {
    return start("--keyspaces=" + SHOP + "," + CUSTOMER, "--replicas=" + replicas);
  }

  /** The same with shards -80 and 80-, each with a log of its own, and no replicas. */
  public static TestCluster ownSharded() {
    return start("--keyspaces=" + SHOP, "--num-shards=2", "--replicas=0");
  }

  private static TestCluster start(String... options) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "up",
                "--json",
                "--parent=" + ProcessHandle.current().pid(),
                "--static-users=" + USER + ":" + PASSWORD));
    arguments.addAll(List.of(options));
    String json = script(arguments.toArray(String[]::new));
    try {
      return new TestCluster(JsonMapper.builder().build().readTree(json));
    } catch (IOException e) {
      throw new UncheckedIOException("cluster up printed something else than JSON: " + json, e);
    }
  }

  /** Ends it, which only its owner may. */
  @Override
  public void close() {
    script("down", "--name=" + name);
  }

  /** {@code host:port} of vtgate's MySQL port. */
  public String hostAndPort() {
    return host + ":" + port;
  }

  public int grpcPort() {
    return grpcPort;
  }

  public VitessUri uri(String keyspace) {
    return VitessUri.parse(uriText(keyspace, PASSWORD));
  }

  public String uriText(String keyspace, String password) {
    return "vitess://" + USER + ":" + password + "@" + hostAndPort() + "/" + keyspace;
  }

  public String cdcUriText(String keyspace, String password) {
    return uriText(keyspace, password).replaceFirst("^vitess:", "vitess+cdc:")
        + "?grpc_port="
        + grpcPort;
  }

  /** A name that no other test uses. */
  public String newTable(String prefix) {
    return prefix
        + "_"
        + Long.toString(Instant.now().getEpochSecond(), Character.MAX_RADIX)
        + "_"
        + TABLES.incrementAndGet();
  }

  /**
   * A connection of the plain driver: text protocol, UTC, OLTP workload.
   *
   * @param target a keyspace, {@code keyspace:shard}, or either with {@code @replica}
   */
  public Connection connect(String target) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", USER);
    properties.setProperty("password", PASSWORD);
    properties.setProperty("sslMode", "DISABLED");
    properties.setProperty("connectionTimeZone", "UTC");
    Connection connection =
        DriverManager.getConnection("jdbc:mysql://" + hostAndPort() + "/", properties);
    connection.setCatalog(target);
    return connection;
  }

  /** Runs statements one by one in a session with a target. */
  public void execute(String target, String... statements) throws SQLException {
    try (Connection connection = connect(target);
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  /** Makes a table of {@code customer}, spread by a column of integers. */
  public void createSharded(String table, String column, String definition) throws SQLException {
    createSharded(CUSTOMER, table, column, definition);
  }

  /** The same in any keyspace that has no unsharded tables. */
  public void createSharded(String keyspace, String table, String column, String definition)
      throws SQLException {
    execute(
        keyspace,
        "ALTER VSCHEMA ON `" + table + "` ADD VINDEX hash(" + column + ") USING hash",
        "CREATE TABLE `" + table + "` " + definition);
  }

  /** From now on replicas don't hear of what their primary commits. */
  public void stopReplication(String keyspace) {
    int primary = primary(keyspace);
    tablets(keyspace)
        .map(TestCluster::number)
        .filter(tablet -> tablet != primary)
        .forEach(tablet -> executeAsAdmin(tablet, "STOP SLAVE IO_THREAD"));
  }

  /** Runs a statement at the mysqld of a tablet. */
  private void executeAsAdmin(int tablet, String sql) {
    String alias = "zone1-%010d".formatted(tablet);
    vtctldclient("ExecuteFetchAsDBA", alias, sql);
  }

  /** Runs a command of vtctldclient, and gives what it prints. */
  public String vtctldclient(String... arguments) {
    List<String> words = new ArrayList<>(List.of("vtctldclient", "--name=" + name));
    words.addAll(List.of(arguments));
    return script(words.toArray(String[]::new));
  }

  /**
   * Kills the primary of an unsharded keyspace when its replicas have all that it committed, as a
   * cluster's with semi-synchronous replication do.
   *
   * @return its number
   */
  public int killPrimary(String keyspace) throws SQLException {
    int primary = primary(keyspace);
    executeAsAdmin(primary, "SET GLOBAL super_read_only = ON");
    try (Connection committed = connect(keyspace + ":0");
        Connection replica = connect(keyspace + ":0@replica")) {
      String all = TableRows.of(committed, "SELECT @@global.gtid_executed").get(0);
      String set = all.substring(0, all.length() - 1).replace("\n", "");
      String missing =
          TableRows.of(replica, "SELECT WAIT_FOR_EXECUTED_GTID_SET('" + set + "', 25)").get(0);
      if (!missing.startsWith("0")) {
        throw new IllegalStateException("a replica of " + keyspace + " lacks some of " + set);
      }
    }
    stopTablet(primary);
    return primary;
  }

  /** All tablets of an unsharded keyspace forget the transactions that were committed so far. */
  public void purgeLogs(String keyspace) {
    for (int tablet : tablets(keyspace).map(TestCluster::number).toList()) {
      executeAsAdmin(tablet, "FLUSH BINARY LOGS");
      executeAsAdmin(tablet, "PURGE BINARY LOGS BEFORE NOW() + INTERVAL 1 DAY");
    }
  }

  /** Makes another tablet of the shard its primary, and gives its number. */
  public int reparent(String keyspace, String shard) {
    return Integer.parseInt(script("reparent", "--name=" + name, keyspace + "/" + shard));
  }

  /** The same without asking the old primary, which may be dead. */
  public int emergencyReparent(String keyspace, String shard) {
    return Integer.parseInt(
        script("reparent", "--emergency", "--name=" + name, keyspace + "/" + shard));
  }

  /**
   * Copies a keyspace to new shards, switches to them and drops the old ones.
   *
   * @param shards such as {@code -80,80-}
   */
  public void reshard(String keyspace, String shards) {
    script("reshard", "--name=" + name, keyspace, "--to=" + shards);
  }

  /** The same, but the old shards stay, until {@link #reshard} is called with the same shards. */
  public void switchToShards(String keyspace, String shards) {
    script("reshard", "--keep", "--name=" + name, keyspace, "--to=" + shards);
  }

  /** Kills the vttablet and the mysqld of a tablet. */
  public void stopTablet(int tablet) {
    script("stop-tablet", "--name=" + name, String.valueOf(tablet));
  }

  /** Kills the mysqld of a tablet, whose vttablet runs on. */
  public void killMysqld(int tablet) {
    script("stop-tablet", "--only=mysqld", "--name=" + name, String.valueOf(tablet));
  }

  public void startTablet(int tablet) {
    script("start-tablet", "--name=" + name, String.valueOf(tablet));
  }

  /** Kills vtgate. */
  public void stopVtgate() {
    script("stop-vtgate", "--name=" + name);
  }

  public void startVtgate() {
    script("start-vtgate", "--name=" + name);
  }

  /**
   * The number of the tablet that is a primary.
   *
   * @param keyspace one that was not resharded
   */
  public int primary(String keyspace) {
    return tablets(keyspace)
        .filter(tablet -> tablet.endsWith(" primary"))
        .findFirst()
        .map(TestCluster::number)
        .orElseThrow(() -> new IllegalStateException(keyspace + " has no primary"));
  }

  /** What the vttablet of a primary has counted since it was started. */
  public TabletMetrics primaryMetrics(String keyspace) {
    return metrics(primary(keyspace));
  }

  /** What each vttablet of a keyspace has counted since it was started. */
  public Map<Integer, TabletMetrics> metrics(String keyspace) {
    return tablets(keyspace)
        .map(TestCluster::number)
        .collect(Collectors.toMap(tablet -> tablet, this::metrics));
  }

  private TabletMetrics metrics(int tablet) {
    return TabletMetrics.of(host, httpPorts.get(tablet));
  }

  /** Its tablets, as {@code UID KEYSPACE SHARD STATE}. */
  private Stream<String> tablets(String keyspace) {
    return script("tablets", "--name=" + name)
        .lines()
        .filter(tablet -> tablet.contains(" " + keyspace + " 0 "));
  }

  private static int number(String tablet) {
    return Integer.parseInt(tablet.substring(0, tablet.indexOf(' ')));
  }

  /** A connection to the mysqld of a primary, past vtgate and vttablet, which may do anything. */
  public Connection connectToMysqld(String keyspace) throws SQLException {
    int tablet = primary(keyspace);
    String user = "'" + ADMIN + "'@'" + host + "'";
    executeAsAdmin(
        tablet,
        "CREATE USER IF NOT EXISTS " + user + " IDENTIFIED WITH mysql_native_password BY ''");
    executeAsAdmin(tablet, "GRANT ALL ON *.* TO " + user);
    return DriverManager.getConnection(
        "jdbc:mysql://%s:%d/?sslMode=DISABLED".formatted(host, mysqldPorts.get(tablet)), ADMIN, "");
  }

  /** What the script prints; what it tells meanwhile is on stderr. */
  private static String script(String... arguments) {
    List<String> command = new ArrayList<>(List.of(path().toString()));
    command.addAll(List.of(arguments));
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectInput(Path.of("/dev/null").toFile())
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new IllegalStateException(String.join(" ", command) + " failed, see above");
      }
      return output.strip();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot run " + command.get(0), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while " + command.get(0) + " ran", e);
    }
  }

  private static Path path() {
    return Optional.of(Path.of("runners/vitess/cluster").toAbsolutePath())
        .filter(Files::isExecutable)
        .orElseThrow(() -> new IllegalStateException("run the tests in the checkout's folder"));
  }
}
