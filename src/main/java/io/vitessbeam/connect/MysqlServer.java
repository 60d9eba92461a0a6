package io.vitessbeam.connect;

import io.vitessbeam.ConfigurationException;
import io.vitessbeam.VitessBeamException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The plain MySQL server of a {@link MysqlUri}. Stateless; for any thread. */
public final class MysqlServer implements MysqlSessions {

  private static final Logger LOG = LoggerFactory.getLogger(MysqlServer.class);

  private static final Duration LOOK_UP_TIMEOUT = Duration.ofSeconds(20);

  /** A sort over a whole table may come before the first row of a read. */
  private static final Duration READ_TIMEOUT = Duration.ofMinutes(15);

  private static final String PORT = "the server's MySQL port";

  /**
   * TIMESTAMP follows the session's zone, and the driver has text sent in each column's own
   * character set. The SQL mode is MySQL's own default less what rejects dates: a server's may
   * change what quotes, backslashes and operators mean in our statements, and pad every CHAR with
   * blanks.
   */
  private static final List<String> READER_SETTINGS =
      List.of(
          "SET time_zone = '+00:00'",
          "SET character_set_results = 'utf8mb4'",
          "SET sql_mode = 'ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,"
              + "NO_ENGINE_SUBSTITUTION'");

  private static final List<String> WRITER_SETTINGS =
      List.of(
          "SET time_zone = '+00:00'",
          "SET character_set_results = 'utf8mb4'",
          MysqlConnector.WRITER_MODE);

  private final MysqlUri uri;

  public MysqlServer(MysqlUri uri) {
    this.uri = uri;
  }

  /**
   * One part without a name, if the database is there and the server no Vitess, whose row limit
   * would cut a plain MySQL read short.
   */
  @Override
  public List<String> shards() {
    try (Connection connection = open(LOOK_UP_TIMEOUT, List.of(), Map.of())) {
      if (Vtgate.isVitess(connection)) {
        throw new ConfigurationException(
            uri.address().hostAndPort()
                + " is a Vitess, not a plain MySQL server; use vitess://"
                + uri.address().hostAndPort()
                + "/"
                + uri.database());
      }
      useDatabase(connection);
      return List.of("");
    } catch (SQLException e) {
      throw SqlFailures.running("Looking at " + uri, e);
    }
  }

  @Override
  public Connection lookUp(String shard) {
    return using(LOOK_UP_TIMEOUT, READER_SETTINGS, Map.of());
  }

  @Override
  public Connection reading(String shard) {
    return using(READ_TIMEOUT, READER_SETTINGS, Map.of());
  }

  @Override
  public Connection writer(String shard) {
    return using(READ_TIMEOUT, WRITER_SETTINGS, MysqlConnector.WRITER);
  }

  @Override
  public String noun() {
    return "Database";
  }

  private Connection using(Duration timeout, List<String> settings, Map<String, String> driver) {
    Connection connection = open(timeout, settings, driver);
    try {
      useDatabase(connection);
      return connection;
    } catch (SQLException | VitessBeamException e) {
      throw closed(connection, e);
    }
  }

  /** A session without a database. */
  private Connection open(Duration timeout, List<String> settings, Map<String, String> driver) {
    MysqlConnector.requireReadable(uri.address());
    Connection connection;
    try {
      connection = MysqlConnector.open(uri.address(), LOOK_UP_TIMEOUT, driver);
    } catch (SQLException e) {
      throw SqlFailures.connecting(uri.address(), PORT, e);
    }
    try (Statement statement = connection.createStatement()) {
      for (String setting : settings) {
        statement.execute(setting);
      }
      connection.setNetworkTimeout(Runnable::run, Math.toIntExact(timeout.toMillis()));
      LOG.debug("Session to {}", uri);
      return connection;
    } catch (SQLException e) {
      throw closed(connection, e);
    }
  }

  private VitessBeamException closed(Connection connection, Exception e) {
    close(connection);
    return e instanceof SQLException sql
        ? SqlFailures.running("Opening a session of " + uri, sql)
        : (VitessBeamException) e;
  }

  private void useDatabase(Connection connection) throws SQLException {
    // The driver's own way quotes as the server's SQL mode wanted it when the session began.
    try (Statement statement = connection.createStatement()) {
      statement.execute("USE `" + uri.database().replace("`", "``") + "`");
    } catch (SQLException e) {
      if (!SqlFailures.isUnknownKeyspace(e)) {
        throw e;
      }
      TreeSet<String> databases = new TreeSet<>();
      try (Statement statement = connection.createStatement();
          ResultSet rows = statement.executeQuery("SHOW DATABASES")) {
        while (rows.next()) {
          databases.add(rows.getString(1));
        }
      }
      throw new ConfigurationException(
          "Database "
              + uri.database()
              + " doesn't exist at "
              + uri.address().hostAndPort()
              + "; it has "
              + String.join(", ", databases),
          e);
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
