package io.vitessbeam.connect;

import io.vitessbeam.ConfigurationException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;

/** Reads PEM files that a URI names; messages name the parameter and the file. */
final class PemFiles {

  private PemFiles() {}

  /** The certificates of a file, at least one. */
  static List<X509Certificate> certificates(String parameter, String file) {
    try (InputStream in = Files.newInputStream(Path.of(file))) {
      List<X509Certificate> certificates = new ArrayList<>();
      for (Certificate certificate :
          CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        certificates.add((X509Certificate) certificate);
      }
      if (certificates.isEmpty()) {
        throw new ConfigurationException(parameter + ": " + file + " holds no certificate");
      }
      return certificates;
    } catch (IOException | CertificateException | InvalidPathException e) {
      throw ConfigurationException.ofFile(
          parameter + ": " + file + " can't be read as a PEM file of certificates", e);
    }
  }
}
