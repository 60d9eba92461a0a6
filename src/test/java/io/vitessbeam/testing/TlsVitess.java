package io.vitessbeam.testing;

import io.vitessbeam.pipelines.LocalVitess;
import io.vitessbeam.pipelines.LocalVitess.Keyspace;
import io.vitessbeam.pipelines.LocalVitess.Request;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A second Vitess, whose vtgate has a certificate, signed by an authority made for it alone. */
public final class TlsVitess implements AutoCloseable {

  public static final String KEYSPACE = "safe";

  private final Path folder;
  private final VitessServer server;

  private TlsVitess(Path folder, VitessServer server) {
    this.folder = folder;
    this.server = server;
  }

  public static TlsVitess start() throws IOException, InterruptedException {
    // For all to read, as Vitess may run as another user.
    Path folder = Files.createTempDirectory("vitess-beam-tls-");
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    makeCertificates(folder);
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
      }
    }
    Request request =
        Request.of(new Keyspace(KEYSPACE, 1))
            .withVtcomboFlags(
                List.of(
                    "--mysql-server-ssl-cert=" + folder.resolve("server.pem"),
                    "--mysql-server-ssl-key=" + folder.resolve("server.key")));
    VitessServer server = new ScriptVitess(LocalVitess.start(request));
    return new TlsVitess(folder, server);
  }

  private static void makeCertificates(Path folder) throws IOException, InterruptedException {
    Files.writeString(
        folder.resolve("names.cnf"), "subjectAltName = DNS:localhost, IP:127.0.0.1\n");
    for (String name : List.of("ca", "other-ca")) {
      openssl(
          folder,
          ("req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=" + name + " -keyout " + name)
              + (".key -out " + name + ".pem"));
    }
    openssl(
        folder,
        "req -newkey rsa:2048 -nodes -subj /CN=localhost -keyout server.key -out server.csr");
    openssl(
        folder,
        "x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -out server.pem"
            + " -extfile names.cnf");
  }

  private static void openssl(Path folder, String arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("openssl"));
    command.addAll(List.of(arguments.split(" ")));
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("openssl.log").toFile())
            .start();
    if (process.waitFor() != 0) {
      throw new IOException(Files.readString(folder.resolve("openssl.log")));
    }
  }

  /** {@code host:port} of vtgate's MySQL port. */
  public String hostAndPort() {
    return server.host() + ":" + server.mysqlPort();
  }

  /** The certificate of the authority that signed vtgate's. */
  public Path authority() {
    return folder.resolve("ca.pem");
  }

  /** The certificate of an authority that did not. */
  public Path otherAuthority() {
    return folder.resolve("other-ca.pem");
  }

  @Override
  public void close() throws IOException {
    server.close();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
