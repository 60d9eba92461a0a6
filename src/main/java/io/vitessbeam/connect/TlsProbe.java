package io.vitessbeam.connect;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** Finds out whether a port that closes plain connections without a word wants TLS. */
final class TlsProbe {

  private static final int TIMEOUT_MILLIS = 5_000;

  private TlsProbe() {}

  static boolean speaksTls(GrpcAddress address) {
    try (SSLSocket socket = (SSLSocket) SSLContext.getDefault().getSocketFactory().createSocket()) {
      socket.connect(new InetSocketAddress(address.host(), address.port()), TIMEOUT_MILLIS);
      socket.setSoTimeout(TIMEOUT_MILLIS);
      socket.startHandshake();
      return true;
    } catch (IOException e) {
      // It sent a certificate, which nobody here asked to trust.
      for (Throwable t = e; t != null; t = t.getCause()) {
        if (t instanceof CertificateException) {
          return true;
        }
      }
      return false;
    } catch (GeneralSecurityException e) {
      return false;
    }
  }
}
