package io.vitessbeam.connect;

import io.vitessbeam.ConfigurationException;
import java.util.List;
import java.util.Objects;

/**
 * {@code vitess://user:password@host:port/keyspace?tls=…}: the MySQL port of a vtgate and a
 * keyspace behind it.
 *
 * <p>User, password and keyspace are percent-decoded; the port is 3306 unless given; {@code
 * keyspace@replica} or {@code @rdonly} reads from those tablets. Parameters: {@code tls} (see
 * {@link TlsMode}) and {@code tls_ca}, a PEM file, with {@code tls=true}. Neither messages nor
 * {@code toString} show the password.
 */
public record VitessUri(MysqlAddress address, String keyspace, TabletType tabletType)
    implements MysqlSource {

  public static final String SCHEME = "vitess";

  private static final String EXAMPLE = "vitess://user:password@host:3306/keyspace";
  private static final List<String> PARAMETERS = List.of("tls", "tls_ca");

  public VitessUri {
    Objects.requireNonNull(address, "address");
    Objects.requireNonNull(keyspace, "keyspace");
    Objects.requireNonNull(tabletType, "tabletType");
  }

  /**
   * Reads a URI.
   *
   * @throws ConfigurationException if the text is no such URI, with what is wrong about it
   */
  public static VitessUri parse(String text) {
    return of(
        UriParts.parse(text, List.of(SCHEME), MysqlAddress.DEFAULT_PORT, EXAMPLE),
        PARAMETERS,
        EXAMPLE);
  }

  /**
   * The same of parts that a URI of another scheme may have been cut into.
   *
   * @param example a correct URI, for messages
   */
  static VitessUri of(UriParts parts, List<String> knownParameters, String example) {
    MysqlAddress address = address(parts, knownParameters, TlsMode.FALSE);
    String path = parts.path();
    int at = path.lastIndexOf('@');
    String keyspace = at < 0 ? path : path.substring(0, at);
    if (keyspace.isEmpty()) {
      throw new ConfigurationException("The URI has no keyspace; expected " + example);
    }
    if (keyspace.contains("/") || keyspace.contains(":")) {
      throw new ConfigurationException(
          "The URI's keyspace holds a / or a :; give the keyspace alone, all its shards are read"
              + " (in a user name or password write / as %2F)");
    }
    TabletType type = at < 0 ? TabletType.PRIMARY : TabletType.parse(path.substring(at + 1));
    return new VitessUri(address, keyspace, type);
  }

  /** Takes the parameters that every URI of a MySQL protocol server has. */
  static MysqlAddress address(UriParts parts, List<String> knownParameters, TlsMode defaultTls) {
    TlsMode tls = TlsMode.parse(parts.take("tls", defaultTls.toString()));
    String tlsCa = parts.take("tls_ca", "");
    parts.requireNoMoreParameters(knownParameters);
    if (!tlsCa.isEmpty() && tls != TlsMode.TRUE) {
      throw new ConfigurationException(
          "tls_ca has an effect with tls=true only, and the URI has tls=" + tls);
    }
    return new MysqlAddress(parts.host(), parts.port(), parts.user(), parts.password(), tls, tlsCa);
  }

  @Override
  public VitessUri withKeyspace(String other) {
    return new VitessUri(address, other, tabletType);
  }

  /** The same without the server and the login, for what is kept where others may read it. */
  public VitessUri withoutAddress() {
    return new VitessUri(MysqlAddress.UNKNOWN, keyspace, tabletType);
  }

  @Override
  public Vtgate sessions() {
    return new Vtgate(this);
  }

  public String host() {
    return address.host();
  }

  public int port() {
    return address.port();
  }

  /** The URI without user and password. */
  @Override
  public String toString() {
    String type = tabletType == TabletType.PRIMARY ? "" : "@" + tabletType.targetName();
    return SCHEME + "://" + address.hostAndPort() + "/" + keyspace + type;
  }
}
