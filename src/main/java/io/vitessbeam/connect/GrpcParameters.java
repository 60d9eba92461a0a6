package io.vitessbeam.connect;

import io.vitessbeam.ConfigurationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The {@code grpc_…} parameters of a URI as they are written there; empty where they are not. */
record GrpcParameters(String port, String host, String tls, String ca, String cert, String key) {

  private static final Logger LOG = LoggerFactory.getLogger(GrpcParameters.class);

  /** Removes the parameters from a URI's. */
  static GrpcParameters take(UriParts parts) {
    return new GrpcParameters(
        parts.take("grpc_port", ""),
        parts.take("grpc_host", ""),
        parts.take("grpc_tls", ""),
        parts.take("grpc_ca", ""),
        parts.take("grpc_cert", ""),
        parts.take("grpc_key", ""));
  }

  /** Those of whoever gives an address alone. */
  static GrpcParameters of(String host, int port) {
    return new GrpcParameters(String.valueOf(port), host, "", "", "", "");
  }

  /**
   * What they mean.
   *
   * @param mysql the other port of the same vtgate: host, login and TLS are its own unless given
   */
  GrpcAddress address(MysqlAddress mysql) {
    int number = number();
    String where = host.isEmpty() ? mysql.host() : hostAlone();
    if (where.equals(mysql.host()) && number == mysql.port()) {
      throw new ConfigurationException(
          "grpc_port="
              + number
              + " is the MySQL protocol port of the URI; vtgate's gRPC port is another one (its flag"
              + " --grpc-port)");
    }
    TlsMode mode = mode(mysql, where);
    // Private authorities sign for both ports as a rule, and tls_ca is given with tls=true only.
    String authorities = ca.isEmpty() && mode == TlsMode.TRUE ? mysql.tlsCa() : ca;
    GrpcTls encryption = new GrpcTls(mode, authorities, cert, key);
    return new GrpcAddress(where, number, mysql.user(), mysql.password(), encryption);
  }

  private int number() {
    if (port.isEmpty()) {
      throw new ConfigurationException(
          "CDC over Vitess requires the vtgate gRPC port; add ?grpc_port=<port> to the source URI"
              + " (it differs from the MySQL protocol port)");
    }
    return UriParts.number(port)
        .orElseThrow(
            () ->
                new ConfigurationException(
                    "grpc_port=" + port + " is not a number from 1 to 65535"));
  }

  private String hostAlone() {
    boolean brackets = host.startsWith("[") && host.endsWith("]");
    String name = brackets ? host.substring(1, host.length() - 1) : host;
    boolean ipv6 = name.indexOf(':') != name.lastIndexOf(':');
    if (name.isEmpty() || name.contains("/") || (name.contains(":") && !ipv6)) {
      throw new ConfigurationException(
          "grpc_host=" + host + " is not a host name alone; a port belongs into grpc_port");
    }
    return name;
  }

  private TlsMode mode(MysqlAddress mysql, String where) {
    if (!tls.isEmpty()) {
      return switch (tls) {
        case "true" -> TlsMode.TRUE;
        case "skip-verify" -> TlsMode.SKIP_VERIFY;
        case "false" -> TlsMode.FALSE;
        default ->
            throw new ConfigurationException(
                "invalid grpc_tls=\"" + tls + "\"; use true, skip-verify, or false");
      };
    }
    if (mysql.tls() != TlsMode.PREFERRED) {
      return mysql.tls();
    }
    LOG.warn(
        "tls=preferred is for the MySQL port only: gRPC with {}:{} is not encrypted{}. Set"
            + " grpc_tls=true or grpc_tls=skip-verify to encrypt it, or grpc_tls=false if that is"
            + " as it should be",
        where,
        port,
        mysql.password().isEmpty() ? "" : ", the password neither");
    return TlsMode.FALSE;
  }
}
