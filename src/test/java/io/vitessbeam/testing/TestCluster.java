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

/**
 * The one full Vitess cluster of all integration tests of this JVM, started by {@code
 * runners/vitess/cluster} at its first use: keyspaces {@code shop} and {@code customer} with one
 * shard each, a replica for every primary, and a login. It has what {@link TestVitess} can't have:
 * replication, reparents, resharding. Tests share it, so each makes tables of names of its own.
 */
public final class TestCluster {

  public static final String SHOP = "shop";
  public static final String CUSTOMER = "customer";
  public static final String USER = "tests";
  public static final String PASSWORD = "geh3im";

  private static final AtomicInteger TABLES = new AtomicInteger();

  private static TestCluster shared;

  private final String name;
  private final String host;
  private final int port;
  private final int grpcPort;
  private final Map<Integer, Integer> httpPorts = new HashMap<>();

  private TestCluster(JsonNode started) {
    this.name = started.path("name").textValue();
    this.host = started.path("host").textValue();
    this.port = started.path("mysql_port").intValue();
    this.grpcPort = started.path("grpc_port").intValue();
    for (JsonNode tablet : started.path("tablets")) {
      httpPorts.put(tablet.path("uid").intValue(), tablet.path("http_port").intValue());
    }
  }

  public static synchronized TestCluster shared() {
    if (shared == null) {
      String json =
          script(
              "up",
              "--json",
              "--parent=" + ProcessHandle.current().pid(),
              "--keyspaces=" + SHOP + "," + CUSTOMER,
              "--num-shards=1,1",
              "--replicas=1",
              "--static-users=" + USER + ":" + PASSWORD);
      try {
        shared = new TestCluster(JsonMapper.builder().build().readTree(json));
      } catch (IOException e) {
        throw new UncheckedIOException("cluster up printed something else than JSON: " + json, e);
      }
    }
    return shared;
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
    execute(
        CUSTOMER,
        "ALTER VSCHEMA ON `" + table + "` ADD VINDEX hash(" + column + ") USING hash",
        "CREATE TABLE `" + table + "` " + definition);
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

  /** Kills the vttablet and the mysqld of a tablet. */
  public void stopTablet(int tablet) {
    script("stop-tablet", "--name=" + name, String.valueOf(tablet));
  }

  public void startTablet(int tablet) {
    script("start-tablet", "--name=" + name, String.valueOf(tablet));
  }

  /**
   * What the vttablet of a primary has counted since it was started.
   *
   * @param keyspace one that was not resharded
   */
  public TabletMetrics primaryMetrics(String keyspace) {
    String tablet =
        script("tablets", "--name=" + name)
            .lines()
            .filter(line -> line.endsWith(" " + keyspace + " 0 primary"))
            .findFirst()
            .orElseThrow(() -> new IllegalStateException(keyspace + " has no primary"));
    int uid = Integer.parseInt(tablet.substring(0, tablet.indexOf(' ')));
    return TabletMetrics.of(host, httpPorts.get(uid));
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
