package io.vitessbeam.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.stub.StreamObserver;
import io.vitess.proto.Vtgate.VStreamRequest;
import io.vitess.proto.Vtgate.VStreamResponse;
import io.vitessbeam.ConfigurationException;
import io.vitessbeam.testing.TlsVitess;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A vtgate whose gRPC port wants a client certificate, and a user with a password. */
class VtgateGrpcLoginIT {

  private static final String LOGIN = TlsVitess.USER + ":" + TlsVitess.PASSWORD + "@";

  private static TlsVitess vitess;

  @BeforeAll
  static void start() throws IOException, InterruptedException {
    vitess = TlsVitess.startStrict();
  }

  @AfterAll
  static void end() throws IOException {
    if (vitess != null) {
      vitess.close();
    }
  }

  /** The position that a real stream begins with. */
  @Test
  void aStreamOpens() throws Exception {
    VitessCdcUri uri = uri(LOGIN, authority() + vitess.clientCertificate());
    assertThat(new Vtgate(uri.vitess()).shards()).containsExactly("0");
    try (VtgateGrpc vtgate = VtgateGrpc.open(uri.grpc())) {
      vtgate.requireReachable();
      VStreamRequest.Builder request = VStreamRequest.newBuilder();
      request
          .getVgtidBuilder()
          .addShardGtidsBuilder()
          .setKeyspace(TlsVitess.KEYSPACE)
          .setShard("0")
          .setGtid("current");
      CompletableFuture<VStreamResponse> first = new CompletableFuture<>();
      vtgate.stub().vStream(request.build(), completing(first));

      assertThat(first.get(30, TimeUnit.SECONDS).getEvents(0).getVgtid().getShardGtids(0).getGtid())
          .startsWith("MySQL56/");
    }
  }

  private static StreamObserver<VStreamResponse> completing(
      CompletableFuture<VStreamResponse> first) {
    return new StreamObserver<>() {
      @Override
      public void onNext(VStreamResponse response) {
        first.complete(response);
      }

      @Override
      public void onError(Throwable failure) {
        first.completeExceptionally(GrpcFailures.streaming("The test's stream", failure));
      }

      @Override
      public void onCompleted() {
        first.completeExceptionally(new AssertionError("ended without a response"));
      }
    };
  }

  @Test
  void theServerNotVerified() {
    reach(LOGIN, "&grpc_tls=skip-verify" + vitess.clientCertificate());
  }

  @Test
  void withoutAClientCertificate() {
    for (String tls : new String[] {authority(), "&grpc_tls=skip-verify"}) {
      assertRefused(LOGIN, tls, "wants a client certificate: give grpc_cert and grpc_key");
    }
  }

  @Test
  void withAClientCertificateOfAnotherAuthority() {
    assertRefused(
        LOGIN,
        authority() + vitess.otherClientCertificate(),
        "wants a client certificate: that of grpc_cert isn't signed by an authority that it trusts"
            + " (vtgate's flag --grpc-ca)");
  }

  @Test
  void withTheKeyOfAnotherCertificate() {
    String parameters = authority() + vitess.clientCertificate().replace("client.key", "ca.key");
    assertThatThrownBy(() -> reach(LOGIN, parameters))
        .isInstanceOf(ConfigurationException.class)
        .message()
        .startsWith("grpc_key: ")
        .contains("ca.key is not the key of ")
        .endsWith("client.pem");
  }

  @ParameterizedTest
  @CsvSource({"reader, wrong", "reader, ''", "nobody, geh3im"})
  void withAWrongLogin(String user, String password) {
    assertRefused(
        user + ":" + password + "@",
        authority() + vitess.clientCertificate(),
        "refuses user '%1$s': auth failure: caller \"%1$s\" provided invalid credentials. Check user"
                .formatted(user)
            + " and password of the URI");
  }

  @ParameterizedTest
  @CsvSource({
    "'', 'wants a user and a password: put them into the URI'",
    "reader:geh%C3%A4im@, 'refuses user ''reader'', as gRPC can''t send a user or password with"
        + " other characters than ASCII'"
  })
  void withoutALogin(String login, String message) {
    assertRefused(login, authority() + vitess.clientCertificate(), message);
  }

  private static void assertRefused(String login, String parameters, String message) {
    assertThatThrownBy(() -> reach(login, parameters))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage("localhost:" + vitess.grpcPort() + " " + message)
        .hasMessageNotContaining(TlsVitess.PASSWORD);
  }

  private static void reach(String login, String parameters) {
    try (VtgateGrpc vtgate = VtgateGrpc.open(uri(login, parameters).grpc())) {
      vtgate.requireReachable();
    }
  }

  private static String authority() {
    return "&tls=true&tls_ca=" + vitess.authority();
  }

  private static VitessCdcUri uri(String login, String parameters) {
    return VitessCdcUri.parse(
        "vitess+cdc://%s%s/%s?grpc_port=%d%s"
            .formatted(
                login, vitess.hostAndPort(), TlsVitess.KEYSPACE, vitess.grpcPort(), parameters));
  }
}
