package io.vitessbeam.testing;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The one PostgreSQL server of all integration tests of this JVM, started at its first use. Its
 * settings are such as to change whatever a session leaves to them.
 */
public final class TestPostgresql {

  public static final String USER = "beam";
  public static final String PASSWORD = "beam";
  public static final String DATABASE = "shop";

  private static final AtomicInteger TABLES = new AtomicInteger();
  private static final List<String> HOSTILE_SETTINGS =
      List.of(
          "-c",
          "timezone=Asia/Kolkata",
          "-c",
          "datestyle=SQL, DMY",
          "-c",
          "intervalstyle=postgres_verbose",
          "-c",
          "bytea_output=escape",
          "-c",
          "extra_float_digits=-10",
          "-c",
          "statement_timeout=20s");

  private static TestPostgresql shared;

  private final ScriptServer server;

  private TestPostgresql(ScriptServer server) {
    this.server = server;
  }

  public static synchronized TestPostgresql shared() {
    if (shared == null) {
      shared = new TestPostgresql(ScriptServer.start("postgresql", HOSTILE_SETTINGS));
    }
    return shared;
  }

  public int port() {
    return server.port();
  }

  /** {@code postgresql://…} with user and password. */
  public String uri() {
    return server.uri();
  }

  /** The same with another password. */
  public String uri(String password) {
    return "postgresql://%s:%s@127.0.0.1:%d/%s".formatted(USER, password, port(), DATABASE);
  }

  /** A name that no other test of this JVM uses. */
  public String newTable(String prefix) {
    return prefix + "_" + TABLES.incrementAndGet();
  }

  public Connection connect() throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + port() + "/" + DATABASE, USER, PASSWORD);
  }

  /** Runs statements one by one in a session, in UTC and with ISO dates. */
  public void execute(String... statements) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.setEscapeProcessing(false);
      statement.execute("SET TimeZone = 'UTC'; SET DateStyle = 'ISO, YMD'");
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }
}
