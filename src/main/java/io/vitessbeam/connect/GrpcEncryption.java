package io.vitessbeam.connect;

import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.vitessbeam.ConfigurationException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.net.ssl.SSLException;

/** Turns {@link GrpcTls} into what a channel needs: TLS 1.2 or newer. */
final class GrpcEncryption {

  private GrpcEncryption() {}

  /**
   * Reads the files.
   *
   * @throws ConfigurationException if one can't be read or isn't what it should be
   */
  static SslContext context(GrpcTls tls) {
    SslContextBuilder builder = GrpcSslContexts.forClient();
    if (tls.mode() == TlsMode.SKIP_VERIFY) {
      builder.trustManager(InsecureTrustManagerFactory.INSTANCE);
    } else if (!tls.ca().isEmpty()) {
      builder.trustManager(PemFiles.certificates("grpc_ca", tls.ca()));
    }
    if (!tls.cert().isEmpty()) {
      identify(builder, tls);
    }
    try {
      return builder.build();
    } catch (SSLException e) {
      throw new ConfigurationException(
          (tls.cert().isEmpty()
                  ? "TLS can't be set up"
                  : "grpc_key: " + tls.key() + " doesn't fit grpc_cert " + tls.cert())
              + ": "
              + e.getMessage(),
          e);
    }
  }

  private static void identify(SslContextBuilder builder, GrpcTls tls) {
    // By themselves first, so that the message is about the right one of the two files.
    PemFiles.certificates("grpc_cert", tls.cert());
    try (InputStream cert = Files.newInputStream(Path.of(tls.cert()));
        InputStream key = Files.newInputStream(Path.of(tls.key()))) {
      builder.keyManager(cert, key);
    } catch (IOException | IllegalArgumentException e) {
      throw new ConfigurationException(
          "grpc_key: "
              + tls.key()
              + " can't be read as a PEM file of a private key in PKCS#8 without a password"
              + " (openssl pkcs8 -topk8 -nodes makes one of others)",
          e);
    }
  }
}
