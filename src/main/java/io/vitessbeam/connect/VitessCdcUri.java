package io.vitessbeam.connect;

import io.vitessbeam.ConfigurationException;
import java.io.Serializable;
import java.util.List;
import java.util.Objects;

/**
 * {@code vitess+cdc://user:password@host:3306/keyspace?grpc_port=15991}: a keyspace to be followed.
 *
 * <p>All parts of a {@link VitessUri}, and the parameters {@code grpc_port} (required), {@code
 * grpc_host}, {@code grpc_tls}, {@code grpc_ca}, {@code grpc_cert}, {@code grpc_key} (see {@link
 * GrpcTls}), {@code mode}, {@code copy} and {@code dest_schema}. User and password log in to both
 * ports. Neither messages nor {@code toString} show them.
 *
 * @param vitess the MySQL port of the vtgate, and the keyspace
 * @param grpc its gRPC port
 * @param destSchema schema of the destination's tables; empty for the default
 * @param vstreamCopy whether tables are copied by VStream instead of OLAP reads
 */
public record VitessCdcUri(
    VitessUri vitess, GrpcAddress grpc, String destSchema, boolean vstreamCopy, boolean stream)
    implements Serializable {

  public static final String SCHEME = "vitess+cdc";

  private static final String EXAMPLE =
      "vitess+cdc://user:password@host:3306/keyspace?grpc_port=15991";
  private static final List<String> PARAMETERS =
      List.of(
          "tls",
          "tls_ca",
          "grpc_port",
          "grpc_host",
          "grpc_tls",
          "grpc_ca",
          "grpc_cert",
          "grpc_key",
          "mode",
          "copy",
          "dest_schema");

  public VitessCdcUri {
    Objects.requireNonNull(vitess, "vitess");
    Objects.requireNonNull(grpc, "grpc");
    Objects.requireNonNull(destSchema, "destSchema");
    if (vitess.tabletType() != TabletType.PRIMARY && !vstreamCopy) {
      throw new ConfigurationException(
          "A copy by OLAP reads from @"
              + vitess.tabletType().targetName()
              + " is refused: a replica that lags behind the position that is followed afterwards"
              + " would lose changes. Leave @"
              + vitess.tabletType().targetName()
              + " out, or use copy=vstream");
    }
  }

  /**
   * Reads a URI.
   *
   * @throws ConfigurationException if the text is no such URI, with what is wrong about it
   */
  public static VitessCdcUri parse(String text) {
    UriParts parts = UriParts.parse(text, List.of(SCHEME), MysqlAddress.DEFAULT_PORT, EXAMPLE);
    GrpcParameters grpc = GrpcParameters.take(parts);
    String mode = parts.take("mode", "batch");
    String copy = parts.take("copy", "olap");
    String destSchema = parts.take("dest_schema", "");
    VitessUri vitess = VitessUri.of(parts, PARAMETERS, EXAMPLE);
    return new VitessCdcUri(
        vitess, grpc.address(vitess.address()), destSchema, isVstream(copy), isStream(mode));
  }

  /**
   * The keyspace of a URI, followed over a gRPC port with the login and the TLS of the URI, as if
   * {@code grpc_host} and {@code grpc_port} were all that is given of it.
   *
   * @throws ConfigurationException if the port is none
   */
  public static VitessCdcUri of(VitessUri vitess, String grpcHost, int grpcPort) {
    GrpcAddress grpc = GrpcParameters.of(grpcHost, grpcPort).address(vitess.address());
    return new VitessCdcUri(vitess, grpc, "", false, false);
  }

  /** The same for another keyspace. */
  public VitessCdcUri withKeyspace(String keyspace) {
    return new VitessCdcUri(vitess.withKeyspace(keyspace), grpc, destSchema, vstreamCopy, stream);
  }

  /** The same for another schema of the destination. */
  public VitessCdcUri withDestSchema(String schema) {
    return new VitessCdcUri(vitess, grpc, schema, vstreamCopy, stream);
  }

  /** The same with copies by VStream. */
  public VitessCdcUri withVstreamCopy() {
    return new VitessCdcUri(vitess, grpc, destSchema, true, stream);
  }

  private static boolean isStream(String mode) {
    return switch (mode) {
      case "batch" -> false;
      case "stream" -> true;
      default ->
          throw new ConfigurationException(
              "invalid mode: " + mode + " (must be 'batch' or 'stream')");
    };
  }

  private static boolean isVstream(String copy) {
    return switch (copy) {
      case "olap" -> false;
      case "vstream" -> true;
      default ->
          throw new ConfigurationException(
              "invalid copy: " + copy + " (must be 'olap' or 'vstream')");
    };
  }

  /** The URI without user and password. */
  @Override
  public String toString() {
    String uri = vitess.toString();
    return SCHEME
        + uri.substring(VitessUri.SCHEME.length())
        + "?grpc_port="
        + grpc.port()
        + (grpc.host().equals(vitess.host()) ? "" : "&grpc_host=" + grpc.host());
  }
}
