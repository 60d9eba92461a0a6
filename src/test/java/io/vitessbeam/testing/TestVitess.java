package io.vitessbeam.testing;

import io.vitessbeam.connect.VitessUri;
import io.vitessbeam.pipelines.quickstart.LocalVitess;
import io.vitessbeam.pipelines.quickstart.LocalVitess.Keyspace;
import io.vitessbeam.pipelines.quickstart.LocalVitess.Request;
import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The one throw-away Vitess of all integration tests of this JVM: keyspace {@code shop} with one
 * shard, {@code customer} with two. It starts at its first use, and where none can be had that
 * fails the test. Tests share it, so each makes tables of names of its own ({@link #newTable}).
 */
public final class TestVitess {

  public static final String SHOP = "shop";
  public static final String CUSTOMER = "customer";

  private static final AtomicInteger TABLES = new AtomicInteger();

  private static TestVitess shared;

  private final VitessServer server;
  private final URI uri;

  private TestVitess(VitessServer server) {
    this.server = server;
    this.uri = URI.create(server.uri());
  }

  public static synchronized TestVitess shared() {
    if (shared == null) {
      Request request = Request.of(new Keyspace(SHOP, 1), new Keyspace(CUSTOMER, 2));
      VitessServer server =
          LocalVitess.tryStart(request.withoutInstallation())
              .<VitessServer>map(ScriptVitess::new)
              .orElseGet(
                  () ->
                      ContainerVitess.isPossible()
                          ? ContainerVitess.start(SHOP + "," + CUSTOMER, "1,2")
                          : new ScriptVitess(LocalVitess.start(request)));
      shared = new TestVitess(server);
    }
    return shared;
  }

  public String host() {
    return uri.getHost();
  }

  public int port() {
    return server.mysqlPort();
  }

  /** The port of vtgate's gRPC service; 0 if it isn't known. */
  public int grpcPort() {
    return server.grpcPort();
  }

  public VitessUri uri(String keyspace) {
    return VitessUri.parse(server.uri()).withKeyspace(keyspace);
  }

  /** The same as text, without user and password. */
  public String uriText(String keyspace) {
    return "vitess://" + host() + ":" + port() + "/" + keyspace;
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
   * A connection of the plain driver, which is the oracle of the tests: text protocol, UTC, OLTP
   * workload.
   *
   * @param target a keyspace, or {@code keyspace:shard} to reach MySQL without vtgate's planner
   */
  public Connection connect(String target) throws SQLException {
    Properties properties = new Properties();
    String[] user = uri.getUserInfo() == null ? new String[0] : uri.getUserInfo().split(":", 2);
    properties.setProperty("user", user.length > 0 ? user[0] : "tests");
    properties.setProperty("password", user.length > 1 ? user[1] : "");
    properties.setProperty("sslMode", "DISABLED");
    properties.setProperty("connectionTimeZone", "UTC");
    properties.setProperty("yearIsDateType", "false");
    properties.setProperty("tinyInt1isBit", "false");
    Connection connection =
        DriverManager.getConnection("jdbc:mysql://" + host() + ":" + port() + "/", properties);
    connection.setCatalog(target);
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET time_zone = '+00:00'");
    }
    return connection;
  }

  /**
   * Makes a table of the sharded keyspace, spread by a column.
   *
   * @param vindex {@code hash} for integers, {@code xxhash} for anything
   * @param definition what follows the name in CREATE TABLE
   */
  public void createSharded(String table, String column, String vindex, String definition)
      throws SQLException {
    execute(
        CUSTOMER,
        // Until the VSchema knows a vindex of its, the keyspace refuses the table.
        "ALTER VSCHEMA ON `"
            + table
            + "` ADD VINDEX "
            + vindex
            + "("
            + column
            + ") USING "
            + vindex,
        "CREATE TABLE `" + table + "` " + definition);
  }

  /**
   * Makes a table that no other test uses, spread by a column {@code id} of integers in the sharded
   * keyspace.
   *
   * @param definition what follows the name in CREATE TABLE
   */
  public String create(String keyspace, String prefix, String definition) throws SQLException {
    String table = newTable(prefix);
    if (keyspace.equals(CUSTOMER)) {
      createSharded(table, "id", "hash", definition);
    } else {
      execute(keyspace, "CREATE TABLE `" + table + "` " + definition);
    }
    return table;
  }

  /**
   * A query of the numbers from 1 to {@code 100,000 n}, to be used behind INSERT.
   *
   * @param n 1 to 10
   * @param columns what is selected, in which the number is {@code n}
   */
  public static String numbers(int n, String columns) {
    return "WITH digits AS (SELECT 0 AS d"
        + " UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4"
        + " UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8"
        + " UNION ALL SELECT 9), numbers AS (SELECT 1 + a.d + 10 * b.d + 100 * c.d"
        + " + 1000 * d.d + 10000 * e.d + 100000 * f.d AS n"
        + " FROM digits a, digits b, digits c, digits d, digits e, digits f WHERE f.d < "
        + n
        + ") SELECT "
        + columns
        + " FROM numbers";
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
}
