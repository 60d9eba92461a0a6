package io.vitessbeam.connect;

import io.vitessbeam.ConfigurationException;
import io.vitessbeam.VitessBeamException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The vtgate of a {@link VitessUri}: opens sessions on its MySQL port and knows the shards behind
 * it. Stateless; for any thread.
 */
public final class Vtgate implements MysqlSessions {

  private static final Logger LOG = LoggerFactory.getLogger(Vtgate.class);

  /** Questions about the schema are answered at once or not at all. */
  private static final Duration LOOK_UP_TIMEOUT = Duration.ofSeconds(20);

  /** A sort over a whole table may come before the first row of a read. */
  private static final Duration READ_TIMEOUT = Duration.ofMinutes(15);

  private static final List<String> WRITER_SETTINGS =
      List.of("SET @@ddl_strategy = 'direct'", MysqlConnector.WRITER_MODE);

  private final VitessUri uri;

  public Vtgate(VitessUri uri) {
    this.uri = uri;
  }

  public VitessUri uri() {
    return uri;
  }

  /**
   * A session for small questions, in the default (OLTP) workload: 10,000 rows and 30 s at most.
   *
   * @param shard name of the shard that every statement goes to unchanged, without planning; empty
   *     for the whole keyspace
   */
  @Override
  public Connection lookUp(String shard) {
    return open(shard, LOOK_UP_TIMEOUT, List.of());
  }

  /** A session for streaming reads: the OLAP workload, which has no row and time limit. */
  @Override
  public Connection reading(String shard) {
    return open(shard, READ_TIMEOUT, List.of("SET workload = 'olap'"));
  }

  @Override
  public String noun() {
    return "Keyspace";
  }

  /** Schema changes happen at once. */
  @Override
  public Connection writer(String shard) {
    return open(shard, READ_TIMEOUT, WRITER_SETTINGS, MysqlConnector.WRITER);
  }

  private Connection open(String shard, Duration timeout, List<String> settings) {
    return open(shard, timeout, settings, Map.of());
  }

  private Connection open(
      String shard, Duration timeout, List<String> settings, Map<String, String> driver) {
    MysqlConnector.requireReadable(uri.address());
    Connection connection;
    try {
      // A server that accepts and then says nothing isn't waited for as long as a sort is.
      connection = MysqlConnector.open(uri.address(), LOOK_UP_TIMEOUT, driver);
    } catch (SQLException e) {
      throw SqlFailures.connecting(uri.address(), "vtgate's MySQL port", e);
    }
    try {
      connection.setCatalog(target(shard));
      try (Statement statement = connection.createStatement()) {
        // TIMESTAMP follows the session's zone: without this, that of the server.
        statement.execute("SET time_zone = '+00:00'");
        for (String setting : settings) {
          statement.execute(setting);
        }
      }
      connection.setNetworkTimeout(Runnable::run, Math.toIntExact(timeout.toMillis()));
      LOG.debug("Session to {} with target {}", uri.address().hostAndPort(), target(shard));
      return connection;
    } catch (SQLException e) {
      VitessBeamException failure = explainTarget(connection, shard, e);
      close(connection);
      throw failure;
    }
  }

  /** {@code keyspace:shard@tablettype}, see Vitess's documentation of "Target strings". */
  private String target(String shard) {
    return uri.keyspace()
        + (shard.isEmpty() ? "" : ":" + shard)
        + (uri.tabletType() == TabletType.PRIMARY ? "" : "@" + uri.tabletType().targetName());
  }

  private VitessBeamException explainTarget(Connection connection, String shard, SQLException e) {
    if (SqlFailures.isUnknownKeyspace(e)) {
      try {
        List<String> keyspaces = keyspaces(connection);
        return new ConfigurationException(
            "Keyspace "
                + uri.keyspace()
                + " doesn't exist at "
                + uri.address().hostAndPort()
                + "; it has "
                + String.join(", ", keyspaces),
            e);
      } catch (SQLException notVitess) {
        return SqlFailures.isSyntaxError(notVitess)
            ? noVitess(notVitess)
            : SqlFailures.running("opening keyspace " + uri.keyspace(), e);
      }
    }
    return SqlFailures.running("opening " + target(shard), e);
  }

  /**
   * The serving shards of the keyspace, at least one.
   *
   * @throws ConfigurationException if the server is no Vitess or doesn't have the keyspace
   */
  @Override
  public List<String> shards() {
    try (Connection connection = lookUp("")) {
      List<String> shards = new ArrayList<>();
      String prefix = uri.keyspace() + "/";
      for (String shard : allShards(connection)) {
        if (shard.startsWith(prefix)) {
          shards.add(shard.substring(prefix.length()));
        }
      }
      if (shards.isEmpty()) {
        throw new ConfigurationException(
            "Keyspace "
                + uri.keyspace()
                + " has no serving shard at "
                + uri.address().hostAndPort());
      }
      return shards;
    } catch (SQLException e) {
      throw SqlFailures.isSyntaxError(e)
          ? noVitess(e)
          : SqlFailures.running("listing the shards of " + uri.keyspace(), e);
    }
  }

  private ConfigurationException noVitess(SQLException e) {
    return new ConfigurationException(
        uri.address().hostAndPort() + " is no Vitess; if it is a MySQL server, use mysql://", e);
  }

  private static List<String> keyspaces(Connection connection) throws SQLException {
    TreeSet<String> keyspaces = new TreeSet<>();
    for (String shard : allShards(connection)) {
      keyspaces.add(shard.substring(0, shard.lastIndexOf('/')));
    }
    return List.copyOf(keyspaces);
  }

  private static List<String> allShards(Connection connection) throws SQLException {
    List<String> shards = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SHOW VITESS_SHARDS")) {
      while (rows.next()) {
        shards.add(rows.getString(1));
      }
    }
    return shards;
  }

  /** Whether a server of the MySQL protocol is a Vitess: the only one that knows this statement. */
  static boolean isVitess(Connection connection) throws SQLException {
    try {
      allShards(connection);
      return true;
    } catch (SQLException e) {
      if (SqlFailures.isSyntaxError(e)) {
        return false;
      }
      throw e;
    }
  }

  private static void close(Connection connection) {
    try {
      connection.close();
    } catch (SQLException e) {
      LOG.debug("A session that could not be set up did not close either", e);
    }
  }
}
