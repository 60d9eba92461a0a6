package io.vitessbeam.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitessbeam.ConfigurationException;
import io.vitessbeam.testing.TestCertificates;
import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The PEM files of a URI: they are looked at before anything is sent. */
class GrpcEncryptionTest {

  private static TestCertificates certificates;

  @BeforeAll
  static void make() throws IOException, InterruptedException {
    certificates = TestCertificates.make();
    Files.createFile(certificates.file("empty.pem"));
    Files.createDirectory(certificates.file("folder.pem"));
    certificates.openssl("rsa -in client.key -traditional -out pkcs1.key");
    certificates.openssl("pkcs8 -topk8 -in client.key -passout pass:x -out encrypted.key");
    certificates.openssl(
        "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=ec"
            + " -keyout ec.key -out ec.pem");
  }

  @AfterAll
  static void delete() throws IOException {
    if (certificates != null) {
      certificates.close();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"client", "ec"})
  void filesThatAreAsTheyShouldBe(String name) {
    assertThat(GrpcEncryption.context(tls("ca.pem", name + ".pem", name + ".key"))).isNotNull();
  }

  @Test
  void noFiles() {
    assertThat(GrpcEncryption.context(tls("", "", ""))).isNotNull();
    assertThat(GrpcEncryption.context(new GrpcTls(TlsMode.SKIP_VERIFY, "", "", ""))).isNotNull();
  }

  @ParameterizedTest
  @CsvSource({
    "missing.pem, isn't there",
    "empty.pem, ''",
    "client.key, ''",
    "client.cnf, ''",
    "folder.pem, ''"
  })
  void certificatesThatCannotBeRead(String name, String reason) {
    assertRefused(tls(name, "", ""), "grpc_ca: ", name, reason);
    assertRefused(tls("", name, "client.key"), "grpc_cert: ", name, reason);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "missing.key",
        "empty.pem",
        "client.pem",
        "pkcs1.key",
        "encrypted.key",
        "folder.pem"
      })
  void keysThatCannotBeRead(String name) {
    assertRefused(
        tls("ca.pem", "client.pem", name),
        "grpc_key: ",
        name,
        "in PKCS#8 without a password (openssl pkcs8 -topk8 -nodes makes one of others)");
  }

  private static void assertRefused(GrpcTls tls, String parameter, String name, String reason) {
    GrpcAddress address = new GrpcAddress("127.0.0.1", 1, "u", new Secret("geh3im"), tls);
    assertThatThrownBy(() -> VtgateGrpc.open(address).close())
        .isInstanceOf(ConfigurationException.class)
        .hasMessageStartingWith(parameter + certificates.file(name))
        .hasMessageContaining(reason);
  }

  private static GrpcTls tls(String ca, String cert, String key) {
    return new GrpcTls(TlsMode.TRUE, path(ca), path(cert), path(key));
  }

  private static String path(String name) {
    return name.isEmpty() ? "" : certificates.file(name).toString();
  }
}
