package io.vitessbeam.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitessbeam.ConfigurationException;
import io.vitessbeam.testing.TlsVitess;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS on both ports of a vtgate, as a URI asks for it. */
class VtgateGrpcTlsIT {

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

  @Test
  void oneAuthorityForBothPorts() {
    assertOpens(uri("&tls=true&tls_ca=" + vitess.authority()));
  }

  @Test
  void anAuthorityForGrpcAlone() {
    assertOpens(uri("&grpc_tls=true&grpc_ca=" + vitess.authority()));
    assertOpens(uri("&tls=preferred&grpc_tls=true&grpc_ca=" + vitess.authority()));
  }

  /** Not even the name of the host is verified. */
  @ParameterizedTest
  @ValueSource(strings = {"&tls=skip-verify", "&grpc_tls=skip-verify"})
  void nothingVerified(String parameters) {
    assertOpens(uri(parameters));
    assertOpens(uri(parameters + "&grpc_host=127.0.0.1"));
  }

  @Test
  void withoutOrWithAnotherAuthority() {
    String reason = "unable to find valid certification path to requested target";
    assertTlsFails("&grpc_tls=true", "localhost", reason);
    assertTlsFails("&grpc_tls=true&grpc_ca=" + vitess.otherAuthority(), "localhost", reason);
  }

  @Test
  void anotherHostThanTheCertificateNames() {
    assertTlsFails(
        "&grpc_host=127.0.0.1&grpc_tls=true&grpc_ca=" + vitess.authority(),
        "127.0.0.1",
        "No subject alternative names matching IP address 127.0.0.1 found");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "&tls=preferred", "&tls=skip-verify&grpc_tls=false"})
  void withoutTls(String parameters) {
    assertThatThrownBy(() -> reach(uri(parameters)))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(
            "localhost:"
                + vitess.grpcPort()
                + " wants TLS: use grpc_tls=true, and grpc_ca if need be");
  }

  @Test
  void theMysqlPortByTls() {
    String mysqlPort = vitess.hostAndPort().substring("localhost:".length());
    // By another name of the host, as the URI itself refuses the same port of the same one.
    String text =
        "vitess+cdc://%s/%s?grpc_host=127.0.0.1&grpc_port=%s&tls=skip-verify"
            .formatted(vitess.hostAndPort(), TlsVitess.KEYSPACE, mysqlPort);
    assertThatThrownBy(() -> reach(VitessCdcUri.parse(text)))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageStartingWith("127.0.0.1:" + mysqlPort + " is a port of the MySQL protocol");
  }

  private static void assertTlsFails(String parameters, String host, String reason) {
    assertThatThrownBy(() -> reach(uri(parameters)))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(
            "TLS with "
                + host
                + ":"
                + vitess.grpcPort()
                + " failed (grpc_tls=true): "
                + reason
                + ". Check that the server's certificate names the host, grpc_ca, and grpc_cert"
                + " where the server wants a client certificate");
  }

  private static VitessCdcUri uri(String parameters) {
    return VitessCdcUri.parse(
        "vitess+cdc://u:geh3im@%s/%s?grpc_port=%d%s"
            .formatted(vitess.hostAndPort(), TlsVitess.KEYSPACE, vitess.grpcPort(), parameters));
  }

  private static void assertOpens(VitessCdcUri uri) {
    assertThat(new Vtgate(uri.vitess()).shards()).containsExactly("0");
    assertThatCode(() -> reach(uri)).doesNotThrowAnyException();
  }

  private static void reach(VitessCdcUri uri) {
    try (VtgateGrpc vtgate = VtgateGrpc.open(uri.grpc())) {
      vtgate.requireReachable();
    }
  }
}
