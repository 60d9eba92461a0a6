package io.vitessbeam.connect;

import io.vitessbeam.ConfigurationException;
import java.util.List;
import java.util.Objects;

/**
 * {@code mysql://user:password@host:port/database?tls=…}: a database of a plain MySQL server.
 *
 * <p>User, password and database are percent-decoded; the port is 3306 unless given. Parameters:
 * {@code tls} (see {@link TlsMode}; {@code preferred} unless given) and {@code tls_ca}, a PEM file,
 * with {@code tls=true}. {@code mysql+pymysql://} is the same. Neither messages nor {@code
 * toString} show the password.
 */
public record MysqlUri(MysqlAddress address, String database) implements MysqlSource {

  public static final String SCHEME = "mysql";

  /** All names of the scheme. */
  public static final List<String> SCHEMES = List.of(SCHEME, "mysql+pymysql");

  private static final String EXAMPLE = "mysql://user:password@host:3306/database";
  private static final List<String> PARAMETERS = List.of("tls", "tls_ca");

  public MysqlUri {
    Objects.requireNonNull(address, "address");
    Objects.requireNonNull(database, "database");
  }

  /**
   * Reads a URI.
   *
   * @throws ConfigurationException if the text is no such URI, with what is wrong about it
   */
  public static MysqlUri parse(String text) {
    UriParts parts = UriParts.parse(text, SCHEMES, MysqlAddress.DEFAULT_PORT, EXAMPLE);
    MysqlAddress address = VitessUri.address(parts, PARAMETERS, TlsMode.PREFERRED);
    if (parts.path().isEmpty()) {
      throw new ConfigurationException("The URI has no database; expected " + EXAMPLE);
    }
    if (parts.path().contains("/")) {
      throw new ConfigurationException("The URI's database holds a /; expected " + EXAMPLE);
    }
    return new MysqlUri(address, parts.path());
  }

  @Override
  public String keyspace() {
    return database;
  }

  @Override
  public MysqlUri withKeyspace(String other) {
    return new MysqlUri(address, other);
  }

  @Override
  public MysqlServer sessions() {
    return new MysqlServer(this);
  }

  /** The URI without user and password. */
  @Override
  public String toString() {
    return SCHEME + "://" + address.hostAndPort() + "/" + database;
  }
}
