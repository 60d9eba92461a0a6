package io.vitessbeam.connect;

import io.vitessbeam.ConfigurationException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/** Checks of a {@code mysql://} URI. */
public final class MysqlServer {

  private static final String EXAMPLE = "mysql://user:password@host:3306/database";
  private static final Duration TIMEOUT = Duration.ofSeconds(15);

  private MysqlServer() {}

  /**
   * Fails if the server behind a {@code mysql://} URI is a Vitess, whose row limit would cut a
   * plain MySQL read short.
   *
   * @throws ConfigurationException if it is one; the message names {@code vitess://}
   */
  public static void refuseVitess(String mysqlUri) {
    UriParts parts = UriParts.parse(mysqlUri, List.of("mysql"), MysqlAddress.DEFAULT_PORT, EXAMPLE);
    MysqlAddress address = VitessUri.address(parts, List.of("tls", "tls_ca"));
    try (Connection connection = MysqlConnector.open(address, TIMEOUT)) {
      if (Vtgate.isVitess(connection)) {
        throw new ConfigurationException(
            address.hostAndPort()
                + " is a Vitess, not a plain MySQL server; use vitess://"
                + address.hostAndPort()
                + "/"
                + (parts.path().isEmpty() ? "keyspace" : parts.path()));
      }
    } catch (SQLException e) {
      throw SqlFailures.connecting(address, e);
    }
  }
}
