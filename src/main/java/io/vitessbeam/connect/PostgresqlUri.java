package io.vitessbeam.connect;

import io.vitessbeam.ConfigurationException;
import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * {@code postgresql://user:password@host:port/database?sslmode=…}: a PostgreSQL database.
 *
 * <p>User, password and database are percent-decoded; the port is 5432 unless given. Parameters,
 * with their meaning in libpq: {@code sslmode} (disable, allow, prefer, require, verify-ca,
 * verify-full; prefer unless given), {@code sslrootcert}, {@code sslcert}, {@code sslkey}, {@code
 * channel_binding}. Neither messages nor {@code toString} show the password.
 *
 * @param tls the parameters that were given, by their names
 */
public record PostgresqlUri(
    String host, int port, String user, Secret password, String database, Map<String, String> tls)
    implements Serializable {

  public static final String SCHEME = "postgresql";

  /** All names of the scheme. */
  public static final List<String> SCHEMES =
      List.of(SCHEME, "postgres", "postgresql+psycopg2", "postgresql+psycopg");

  static final String SSL_MODE = "sslmode";
  static final String ROOT_CERTIFICATE = "sslrootcert";

  private static final int DEFAULT_PORT = 5432;
  private static final String EXAMPLE = "postgresql://user:password@host:5432/database";
  private static final List<String> PARAMETERS =
      List.of(SSL_MODE, ROOT_CERTIFICATE, "sslcert", "sslkey", "channel_binding");
  private static final List<String> MODES =
      List.of("disable", "allow", "prefer", "require", "verify-ca", "verify-full");

  public PostgresqlUri {
    Objects.requireNonNull(host, "host");
    Objects.requireNonNull(user, "user");
    Objects.requireNonNull(password, "password");
    Objects.requireNonNull(database, "database");
    tls = Map.copyOf(tls);
  }

  /**
   * Reads a URI.
   *
   * @throws ConfigurationException if the text is no such URI, with what is wrong about it
   */
  public static PostgresqlUri parse(String text) {
    UriParts parts = UriParts.parse(text, SCHEMES, DEFAULT_PORT, EXAMPLE);
    Map<String, String> tls = new LinkedHashMap<>();
    for (String parameter : PARAMETERS) {
      String value = parts.take(parameter, "");
      if (!value.isEmpty()) {
        tls.put(parameter, value);
      }
    }
    parts.requireNoMoreParameters(PARAMETERS);
    if (!MODES.contains(tls.getOrDefault(SSL_MODE, "prefer"))) {
      throw new ConfigurationException(
          "sslmode=" + tls.get(SSL_MODE) + " is unknown; use one of " + String.join(", ", MODES));
    }
    if (parts.path().isEmpty()) {
      throw new ConfigurationException("The URI has no database; expected " + EXAMPLE);
    }
    return new PostgresqlUri(
        parts.host(), parts.port(), parts.user(), parts.password(), parts.path(), tls);
  }

  /** {@code host:port}, with an IPv6 address in brackets. */
  public String hostAndPort() {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }

  /** The URI without user and password. */
  @Override
  public String toString() {
    return SCHEME + "://" + hostAndPort() + "/" + database;
  }
}
