package io.vitessbeam.connect;

import io.vitessbeam.ConfigurationException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.List;

/** Turns a PEM file of certificate authorities into the key store file that Connector/J wants. */
final class TrustStores {

  /** The store holds public certificates only, so its password protects nothing. */
  static final String PASSWORD = "public";

  static final String TYPE = "PKCS12";

  private TrustStores() {}

  /** Writes a store to a temporary file, which the caller deletes. */
  static Path fromPem(String pemFile) {
    List<X509Certificate> certificates = PemFiles.certificates("tls_ca", pemFile);
    try {
      KeyStore store = KeyStore.getInstance(TYPE);
      store.load(null, null);
      int index = 0;
      for (Certificate certificate : certificates) {
        store.setCertificateEntry("ca-" + index++, certificate);
      }
      Path file = Files.createTempFile("vitess-beam-ca-", ".p12");
      try (OutputStream out = Files.newOutputStream(file)) {
        store.store(out, PASSWORD.toCharArray());
      }
      return file;
    } catch (IOException | GeneralSecurityException e) {
      throw new ConfigurationException(
          "tls_ca: " + pemFile + " can't be used: " + e.getMessage(), e);
    }
  }
}
