package io.vitessbeam.connect;

import io.vitessbeam.ConfigurationException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;

/** Opens connections of the MySQL protocol with the driver settings that this project relies on. */
final class MysqlConnector {

  /** Short enough that a wrong address is reported within half a minute, with a retry. */
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

  /**
   * Driver settings of a writing session. Packets of any size: what is too large is the server's to
   * say. A connection that breaks while a statement is prepared is an error, and not answered with
   * a statement that the driver has prepared itself.
   */
  static final Map<String, String> WRITER =
      Map.of(
          "useServerPrepStmts",
          "true",
          "emulateUnsupportedPstmts",
          "false",
          "maxAllowedPacket",
          String.valueOf(1 << 30));

  static final String WRITER_MODE =
      "SET sql_mode = 'STRICT_ALL_TABLES,ALLOW_INVALID_DATES,NO_AUTO_VALUE_ON_ZERO'";

  private MysqlConnector() {}

  /**
   * @param socketTimeout how long a single read from the server may take
   */
  static Connection open(MysqlAddress address, Duration socketTimeout) throws SQLException {
    return open(address, socketTimeout, Map.of());
  }

  /**
   * @param settings of the driver that differ from those of a reading connection
   */
  static Connection open(MysqlAddress address, Duration socketTimeout, Map<String, String> settings)
      throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", address.user());
    properties.setProperty("password", address.password().reveal());
    properties.setProperty("connectTimeout", String.valueOf(CONNECT_TIMEOUT.toMillis()));
    properties.setProperty("socketTimeout", String.valueOf(socketTimeout.toMillis()));
    properties.setProperty("characterEncoding", "UTF-8");
    // A prepared statement in the OLAP workload returns corrupt rows: Vitess issue 19380.
    properties.setProperty("useServerPrepStmts", "false");
    properties.setProperty("tinyInt1isBit", "false");
    properties.setProperty("yearIsDateType", "false");
    properties.setProperty("sslMode", address.tls().driverMode());
    // Without encryption the default login of MySQL 8 sends the password under a key that anybody
    // on the way may have put there: only for who asked for no encryption, not where it was taken
    // from a connection that could have had it.
    properties.setProperty(
        "allowPublicKeyRetrieval", String.valueOf(address.tls() == TlsMode.FALSE));
    settings.forEach(properties::setProperty);
    Path trustStore = null;
    try {
      if (!address.tlsCa().isEmpty()) {
        trustStore = TrustStores.fromPem(address.tlsCa());
        properties.setProperty("trustCertificateKeyStoreUrl", trustStore.toUri().toString());
        properties.setProperty("trustCertificateKeyStoreType", TrustStores.TYPE);
        properties.setProperty("trustCertificateKeyStorePassword", TrustStores.PASSWORD);
        properties.setProperty("fallbackToSystemTrustStore", "false");
      }
      // The driver itself, not DriverManager, which wouldn't see it in every class loader.
      return new com.mysql.cj.jdbc.Driver()
          .connect("jdbc:mysql://" + address.hostAndPort() + "/", properties);
    } finally {
      delete(trustStore);
    }
  }

  private static void delete(Path trustStore) {
    if (trustStore != null) {
      try {
        Files.deleteIfExists(trustStore);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** Checks the CA file without a connection, so that its error comes before any network's. */
  static void requireReadable(MysqlAddress address) throws ConfigurationException {
    if (!address.tlsCa().isEmpty()) {
      delete(TrustStores.fromPem(address.tlsCa()));
    }
  }
}
