package io.vitessbeam.testing;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The one plain MySQL server of all integration tests of this JVM, started at its first use. Its
 * settings are such as to change whatever a session leaves to them: zone, SQL mode, character set.
 */
public final class TestMysql {

  public static final String USER = "beam";
  public static final String PASSWORD = "beam";
  public static final String DATABASE = "shop";

  private static final AtomicInteger TABLES = new AtomicInteger();
  private static final List<String> HOSTILE_SETTINGS =
      List.of(
          "--default-time-zone=+05:30",
          "--sql-mode=ANSI_QUOTES,NO_BACKSLASH_ESCAPES,PAD_CHAR_TO_FULL_LENGTH,PIPES_AS_CONCAT",
          "--character-set-server=latin1");

  private static TestMysql shared;

  private final ScriptServer server;

  private TestMysql(ScriptServer server) {
    this.server = server;
  }

  public static synchronized TestMysql shared() {
    if (shared == null) {
      shared = new TestMysql(ScriptServer.start("mysql", HOSTILE_SETTINGS));
    }
    return shared;
  }

  public int port() {
    return server.port();
  }

  /** {@code mysql://…} with user and password. */
  public String uri() {
    return server.uri();
  }

  /** The same with another password. */
  public String uri(String password) {
    return "mysql://%s:%s@127.0.0.1:%d/%s".formatted(USER, password, port(), DATABASE);
  }

  /** A name that no other test of this JVM uses. */
  public String newTable(String prefix) {
    return prefix + "_" + TABLES.incrementAndGet();
  }

  /** A connection of the plain driver, in UTC and with MySQL's default SQL mode. */
  public Connection connect() throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", USER);
    properties.setProperty("password", PASSWORD);
    properties.setProperty("connectionTimeZone", "UTC");
    properties.setProperty("forceConnectionTimeZoneToSession", "true");
    properties.setProperty("yearIsDateType", "false");
    properties.setProperty("tinyInt1isBit", "false");
    properties.setProperty("allowPublicKeyRetrieval", "true");
    properties.setProperty("rewriteBatchedStatements", "true");
    Connection connection =
        DriverManager.getConnection(
            "jdbc:mysql://127.0.0.1:" + port() + "/" + DATABASE, properties);
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET time_zone = '+00:00'");
      statement.execute("SET sql_mode = 'STRICT_TRANS_TABLES'");
    }
    return connection;
  }

  /** Runs statements one by one in a session. */
  public void execute(String... statements) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }
}
