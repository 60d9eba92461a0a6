package io.vitessbeam.testing;

import io.vitessbeam.pipelines.quickstart.LocalVitess;
import io.vitessbeam.pipelines.quickstart.LocalVitess.Keyspace;
import io.vitessbeam.pipelines.quickstart.LocalVitess.Request;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A Vitess of its own, whose vtgate has a certificate on both ports, signed by an authority made
 * for it alone. The certificate names localhost.
 */
public final class TlsVitess implements AutoCloseable {

  public static final String KEYSPACE = "safe";

  /** Who may log in to the gRPC port of a strict one. */
  public static final String USER = "reader";

  public static final String PASSWORD = "geh3im";

  private final TestCertificates certificates;
  private final VitessServer server;

  private TlsVitess(TestCertificates certificates, VitessServer server) {
    this.certificates = certificates;
    this.server = server;
  }

  /** Takes anybody. */
  public static TlsVitess start() throws IOException, InterruptedException {
    return start(TestCertificates.make(), List.of());
  }

  /** Its gRPC port wants a client certificate of the authority, and the login. */
  public static TlsVitess startStrict() throws IOException, InterruptedException {
    TestCertificates certificates = TestCertificates.make();
    Path logins = certificates.file("logins.json");
    Files.writeString(
        logins, "[{\"Username\": \"" + USER + "\", \"Password\": \"" + PASSWORD + "\"}]\n");
    certificates.shareWithAll();
    return start(
        certificates,
        List.of(
            "--grpc-ca=" + certificates.file("ca.pem"),
            "--grpc-auth-mode=static",
            "--grpc-auth-static-password-file=" + logins));
  }

  private static TlsVitess start(TestCertificates certificates, List<String> furtherFlags) {
    Path certificate = certificates.file("server.pem");
    Path key = certificates.file("server.key");
    List<String> flags = new ArrayList<>();
    flags.add("--mysql-server-ssl-cert=" + certificate);
    flags.add("--mysql-server-ssl-key=" + key);
    flags.add("--grpc-cert=" + certificate);
    flags.add("--grpc-key=" + key);
    flags.addAll(furtherFlags);
    Request request = Request.of(new Keyspace(KEYSPACE, 1)).withVtcomboFlags(flags);
    return new TlsVitess(certificates, new ScriptVitess(LocalVitess.start(request)));
  }

  /** {@code host:port} of vtgate's MySQL port; the host is the one that the certificate names. */
  public String hostAndPort() {
    return "localhost:" + server.mysqlPort();
  }

  public int grpcPort() {
    return server.grpcPort();
  }

  /** The certificate of the authority that signed vtgate's. */
  public Path authority() {
    return certificates.file("ca.pem");
  }

  /** The certificate of an authority that did not. */
  public Path otherAuthority() {
    return certificates.file("other-ca.pem");
  }

  /** Parameters of a URI: a client's certificate that the authority signed. */
  public String clientCertificate() {
    return clientCertificate("client");
  }

  /** The same of the other authority. */
  public String otherClientCertificate() {
    return clientCertificate("other-client");
  }

  private String clientCertificate(String name) {
    return "&grpc_cert="
        + certificates.file(name + ".pem")
        + "&grpc_key="
        + certificates.file(name + ".key");
  }

  @Override
  public void close() throws IOException {
    server.close();
    certificates.close();
  }
}
