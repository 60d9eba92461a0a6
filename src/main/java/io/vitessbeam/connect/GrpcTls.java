package io.vitessbeam.connect;

import io.vitessbeam.ConfigurationException;
import java.io.Serializable;
import java.util.Objects;

/**
 * How a gRPC channel is encrypted. All files are PEM, and are read when a channel is opened.
 *
 * @param mode never {@link TlsMode#PREFERRED}: gRPC decides before it knows what the server offers
 * @param ca authorities that the server's certificate is checked against; empty for those of the
 *     JVM
 * @param cert the client's certificate, for a server that asks for one; empty for none
 * @param key the private key of {@code cert}, PKCS#8 without a password; empty for none
 */
public record GrpcTls(TlsMode mode, String ca, String cert, String key) implements Serializable {

  public static final GrpcTls NONE = new GrpcTls(TlsMode.FALSE, "", "", "");

  public GrpcTls {
    Objects.requireNonNull(mode, "mode");
    Objects.requireNonNull(ca, "ca");
    Objects.requireNonNull(cert, "cert");
    Objects.requireNonNull(key, "key");
    if (mode == TlsMode.PREFERRED) {
      throw new ConfigurationException(
          "grpc_tls=preferred doesn't exist; use grpc_tls=true, grpc_tls=skip-verify or"
              + " grpc_tls=false");
    }
    if (!ca.isEmpty() && mode != TlsMode.TRUE) {
      throw new ConfigurationException(
          "grpc_ca has an effect with grpc_tls=true only, and the URI has grpc_tls=" + mode);
    }
    if (cert.isEmpty() != key.isEmpty()) {
      throw new ConfigurationException(
          "grpc_cert and grpc_key belong together, and the URI has grpc_"
              + (cert.isEmpty() ? "key" : "cert")
              + " only");
    }
    if (!cert.isEmpty() && mode == TlsMode.FALSE) {
      throw new ConfigurationException(
          "grpc_cert and grpc_key have an effect with grpc_tls=true or grpc_tls=skip-verify only,"
              + " and the URI has grpc_tls=false");
    }
  }

  public boolean isEnabled() {
    return mode != TlsMode.FALSE;
  }
}
