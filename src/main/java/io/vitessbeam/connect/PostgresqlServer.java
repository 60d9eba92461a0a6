package io.vitessbeam.connect;

import io.vitessbeam.VitessBeamException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The server of a {@link PostgresqlUri}. Stateless; for any thread. */
public final class PostgresqlServer {

  private static final Logger LOG = LoggerFactory.getLogger(PostgresqlServer.class);

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

  /** A sort over a whole table may come before the first row of a read. */
  private static final Duration READ_TIMEOUT = Duration.ofMinutes(15);

  /**
   * What decides how values are printed and literals are read, whatever server, database and user
   * are set to. Whoever reads for long is not to be cut off by a limit that is meant for others;
   * and a scan that is repeated begins where the first one began.
   */
  private static final List<String> READ_SETTINGS =
      List.of(
          "TimeZone = 'UTC'",
          "DateStyle = 'ISO, YMD'",
          "IntervalStyle = 'iso_8601'",
          "extra_float_digits = 3",
          "bytea_output = 'hex'",
          "xmloption = 'content'",
          "standard_conforming_strings = on",
          "synchronize_seqscans = off",
          "statement_timeout = 0");

  private final PostgresqlUri uri;

  public PostgresqlServer(PostgresqlUri uri) {
    this.uri = uri;
  }

  /**
   * A read-only transaction in which every value is printed alike: in UTC, with all digits. The
   * settings are those of the transaction, so that a pooler in front of the server keeps them.
   */
  public Connection reading() {
    Connection connection = open(READ_TIMEOUT);
    try (Statement statement = connection.createStatement()) {
      connection.setReadOnly(true);
      connection.setAutoCommit(false);
      statement.execute(
          READ_SETTINGS.stream()
              .map(setting -> "SET LOCAL " + setting)
              .collect(Collectors.joining("; ")));
      LOG.debug("Session to {}", uri);
      return connection;
    } catch (SQLException e) {
      VitessBeamException failure = PostgresqlFailures.running("Opening a session of " + uri, e);
      close(connection);
      throw failure;
    }
  }

  /**
   * A connection to write in transactions, whose settings are left to whoever begins them.
   *
   * @param timeout how long a statement may take to answer
   */
  public Connection writing(Duration timeout) {
    Connection connection = open(timeout);
    try {
      connection.setAutoCommit(false);
      return connection;
    } catch (SQLException e) {
      close(connection);
      throw PostgresqlFailures.running("Opening a session of " + uri, e);
    }
  }

  private Connection open(Duration timeout) {
    Properties properties = new Properties();
    properties.setProperty("user", uri.user());
    properties.setProperty("password", uri.password().reveal());
    properties.setProperty("connectTimeout", String.valueOf(CONNECT_TIMEOUT.toSeconds()));
    properties.setProperty("socketTimeout", String.valueOf(timeout.toSeconds()));
    properties.setProperty("tcpKeepAlive", "true");
    // A statement that has a name is lost when a pooler goes on with another session.
    properties.setProperty("prepareThreshold", "0");
    properties.setProperty("ApplicationName", "vitess-beam");
    String mode = uri.tls().getOrDefault(PostgresqlUri.SSL_MODE, "prefer");
    String root = uri.tls().getOrDefault(PostgresqlUri.ROOT_CERTIFICATE, "system");
    properties.setProperty("sslmode", mode);
    if (!root.equals("system")) {
      properties.setProperty("sslrootcert", root);
    } else if (mode.startsWith("verify")) {
      // The driver itself would look for a file in the home folder and fail without one.
      properties.setProperty("sslfactory", "org.postgresql.ssl.DefaultJavaSSLFactory");
    }
    set(properties, "sslcert", "sslcert");
    set(properties, "sslkey", "sslkey");
    set(properties, "channelBinding", "channel_binding");
    String url =
        "jdbc:postgresql://"
            + uri.hostAndPort()
            + "/"
            + URLEncoder.encode(uri.database(), StandardCharsets.UTF_8).replace("+", "%20");
    try {
      // The driver itself, not DriverManager, which wouldn't see it in every class loader.
      return new org.postgresql.Driver().connect(url, properties);
    } catch (SQLException e) {
      throw PostgresqlFailures.connecting(uri, e);
    }
  }

  private void set(Properties properties, String name, String parameter) {
    String value = uri.tls().get(parameter);
    if (value != null) {
      properties.setProperty(name, value);
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
