package io.vitessbeam.connect;

import java.io.Serializable;
import java.util.Objects;

/**
 * Where a server of the MySQL protocol is and how to log in to it.
 *
 * @param user empty for none
 * @param tlsCa PEM file of the certificate authority that signed the server's certificate; empty
 *     for the system's own
 */
public record MysqlAddress(
    String host, int port, String user, Secret password, TlsMode tls, String tlsCa)
    implements Serializable {

  static final int DEFAULT_PORT = 3306;

  static final MysqlAddress UNKNOWN =
      new MysqlAddress("", DEFAULT_PORT, "", Secret.NONE, TlsMode.FALSE, "");

  public MysqlAddress {
    Objects.requireNonNull(host, "host");
    Objects.requireNonNull(user, "user");
    Objects.requireNonNull(password, "password");
    Objects.requireNonNull(tls, "tls");
    Objects.requireNonNull(tlsCa, "tlsCa");
  }

  /** {@code host:port}, with an IPv6 address in brackets. */
  public String hostAndPort() {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }
}
