package io.vitessbeam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitessbeam.connect.VitessUri;
import io.vitessbeam.testing.TestPipelines;
import io.vitessbeam.testing.TestPipelines.EmbeddedRunner;
import io.vitessbeam.testing.TlsVitess;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS, against a vtgate that has it. */
class VitessReadTlsIT {

  private static TlsVitess vitess;

  @BeforeAll
  static void start() throws IOException, InterruptedException {
    vitess = TlsVitess.start();
  }

  @AfterAll
  static void end() throws IOException {
    if (vitess != null) {
      vitess.close();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "?tls=false", "?tls=preferred", "?tls=skip-verify"})
  void withoutTheAuthority(String parameters) {
    assertReads(login() + parameters);
  }

  @Test
  void withTheAuthority() {
    assertReads(login() + "?tls=true&tls_ca=" + vitess.authority());
  }

  @Test
  void withoutOrWithAnotherAuthority() {
    assertTlsFails("?tls=true");
    assertTlsFails("?tls=true&tls_ca=" + vitess.otherAuthority());
  }

  private static void assertTlsFails(String parameters) {
    assertThatThrownBy(() -> assertReads(login() + parameters))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageStartingWith("TLS with " + vitess.hostAndPort() + " failed (tls=true): ")
        .hasMessageContaining("certif")
        .hasMessageEndingWith(
            "Check that the server has TLS, that its certificate names the host, and tls_ca")
        .message()
        .doesNotContain("\n", "geh3im");
  }

  @Test
  void withAFileThatIsMissing() {
    Path missing = Path.of("no-such.pem");
    assertThatThrownBy(() -> assertReads(login() + "?tls=true&tls_ca=" + missing))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageStartingWith("tls_ca: no-such.pem can't be read as a PEM file of certificates");
  }

  private static String login() {
    return "vitess://u:geh3im@" + vitess.hostAndPort() + "/" + TlsVitess.KEYSPACE;
  }

  private static void assertReads(String uri) {
    VitessRead read = VitessRead.from(VitessUri.parse(uri)).withQuery("SELECT 7 AS seven");
    assertThat(TestPipelines.read(EmbeddedRunner.DIRECT, read))
        .extracting(row -> row.getInt64("seven"))
        .containsExactly(7L);
  }
}
