package io.vitessbeam.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Two authorities, a server's certificate and a client's signed by the first, and a client's signed
 * by the other: PEM files in a folder that closing this deletes. Made by {@code openssl}.
 */
public final class TestCertificates implements AutoCloseable {

  private final Path folder;

  private TestCertificates(Path folder) {
    this.folder = folder;
  }

  public static TestCertificates make() throws IOException, InterruptedException {
    TestCertificates made =
        new TestCertificates(Files.createTempDirectory("vitess-beam-certificates-"));
    made.authority("ca");
    made.authority("other-ca");
    // What clients compare with the host; no address, so that 127.0.0.1 is a wrong one.
    Files.writeString(made.file("server.cnf"), "subjectAltName = DNS:localhost\n");
    Files.writeString(made.file("client.cnf"), "extendedKeyUsage = clientAuth\n");
    made.signed("server", "server.cnf", "ca");
    made.signed("client", "client.cnf", "ca");
    made.signed("other-client", "client.cnf", "other-ca");
    made.shareWithAll();
    return made;
  }

  /** One of the files, such as {@code ca.pem}, {@code client.key}. */
  public Path file(String name) {
    return folder.resolve(name);
  }

  /** Vitess may run as another user. */
  void shareWithAll() throws IOException {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
      }
    }
  }

  private void authority(String name) throws IOException, InterruptedException {
    openssl(
        ("req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=" + name + " -keyout " + name)
            + (".key -out " + name + ".pem"));
  }

  private void signed(String name, String extensions, String authority)
      throws IOException, InterruptedException {
    openssl(
        ("req -newkey rsa:2048 -nodes -subj /CN=" + name + " -keyout " + name)
            + (".key -out " + name + ".csr"));
    openssl(
        ("x509 -req -in " + name + ".csr -CA " + authority + ".pem -CAkey " + authority)
            + (".key -CAcreateserial -days 2 -out " + name + ".pem -extfile " + extensions));
  }

  /**
   * Runs openssl in the folder.
   *
   * @param arguments separated by blanks
   */
  public void openssl(String arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("openssl"));
    command.addAll(List.of(arguments.split(" ")));
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(file("openssl.log").toFile())
            .start();
    if (process.waitFor() != 0) {
      throw new IOException(Files.readString(file("openssl.log")));
    }
  }

  @Override
  public void close() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
