package io.vitessbeam.connect;

import java.io.Serializable;

/** Where the gRPC service of a vtgate is and how to log in to it. */
public record GrpcAddress(String host, int port, String user, Secret password)
    implements Serializable {

  /** {@code host:port}, with an IPv6 address in brackets. */
  public String hostAndPort() {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }
}
