package io.vitessbeam.connect;

import java.io.Serializable;
import java.util.Objects;

/**
 * Where the gRPC service of a vtgate is and how to log in to it.
 *
 * @param user for vtgate's static authentication; empty for none
 */
public record GrpcAddress(String host, int port, String user, Secret password, GrpcTls tls)
    implements Serializable {

  public GrpcAddress {
    Objects.requireNonNull(host, "host");
    Objects.requireNonNull(user, "user");
    Objects.requireNonNull(password, "password");
    Objects.requireNonNull(tls, "tls");
  }

  /** {@code host:port}, with an IPv6 address in brackets. */
  public String hostAndPort() {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }
}
