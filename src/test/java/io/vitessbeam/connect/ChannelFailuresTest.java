package io.vitessbeam.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.vitessbeam.ConfigurationException;
import io.vitessbeam.TransientException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Ports that no vtgate answers on; and none is waited for longer than the test says. */
class ChannelFailuresTest {

  /** How vtgate's MySQL port begins; with an error, as to a host that it has blocked. */
  private static final String GREETING = "500000000a382e342e362d56697465737300";

  private static final String REFUSAL = "1000000" + "0ff690448";

  @ParameterizedTest
  @EnumSource(names = {"FALSE", "TRUE", "SKIP_VERIFY"})
  void nobody(TlsMode tls) throws IOException {
    int port;
    try (ServerSocket closedAgain = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = closedAgain.getLocalPort();
    }
    assertThat(reach("localhost", port, tls))
        .isInstanceOf(TransientException.class)
        .hasMessage(
            "Can't connect to localhost:"
                + port
                + ": nothing listens there. Check grpc_host and grpc_port, vtgate's gRPC port (its"
                + " flag --grpc-port)");
  }

  @Test
  void aHostThatIsUnknown() {
    assertThat(reach("no-such-host.invalid", 15_991, TlsMode.FALSE))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(
            "Host no-such-host.invalid is unknown: check grpc_host, or the host of the URI");
  }

  @ParameterizedTest
  @CsvSource({
    GREETING + ", FALSE, a port of the MySQL protocol",
    GREETING + ", TRUE, a port of the MySQL protocol",
    REFUSAL + ", FALSE, a port of the MySQL protocol",
    REFUSAL + ", SKIP_VERIFY, a port of the MySQL protocol",
    "485454502f312e31203430302042616420526571756573740d0a0d0a, FALSE, a web port",
    "485454502f312e31203430302042616420526571756573740d0a0d0a, TRUE, a web port"
  })
  void anotherProtocol(String answer, TlsMode tls, String what) throws IOException {
    try (Answering port = new Answering(answer)) {
      assertThat(reach("localhost", port.number(), tls))
          .isInstanceOf(ConfigurationException.class)
          .hasMessage(
              "localhost:"
                  + port.number()
                  + " is "
                  + what
                  + ". grpc_port has to be vtgate's gRPC port (its flag --grpc-port)");
    }
  }

  @Test
  void anAlertOfTls() throws IOException {
    try (Answering port = new Answering("15030300020246")) {
      assertThat(reach("localhost", port.number(), TlsMode.FALSE))
          .isInstanceOf(ConfigurationException.class)
          .hasMessage(
              "localhost:"
                  + port.number()
                  + " wants TLS: use grpc_tls=true, and grpc_ca if need be");
    }
  }

  /** What closes at once may be a proxy whose vtgate is away: that passes. */
  @ParameterizedTest
  @EnumSource(names = {"FALSE", "TRUE"})
  void aPortThatCloses(TlsMode tls) throws IOException {
    try (Answering port = new Answering("")) {
      assertThat(reach("localhost", port.number(), tls))
          .isInstanceOf(TransientException.class)
          .hasMessageStartingWith(
              "Connecting to localhost:" + port.number() + " failed: UNAVAILABLE")
          .hasMessageNotContaining("Pipeline");
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"FALSE", "TRUE"})
  void aSilentPort(TlsMode tls) throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThat(reach("localhost", silent.getLocalPort(), tls))
          .isInstanceOf(TransientException.class)
          .hasMessage(
              "localhost:"
                  + silent.getLocalPort()
                  + " doesn't answer. Check that grpc_port is vtgate's gRPC port (its flag"
                  + " --grpc-port)");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TRUE", "SKIP_VERIFY"})
  void grpcWithoutTls(TlsMode tls) throws IOException {
    Server plain = NettyServerBuilder.forPort(0).build().start();
    try {
      assertThat(reach("localhost", plain.getPort(), tls))
          .isInstanceOf(ConfigurationException.class)
          .hasMessageStartingWith(
              "localhost:"
                  + plain.getPort()
                  + " speaks gRPC without TLS, and the URI has grpc_tls=")
          .hasMessageContaining("grpc_tls=" + tls + " ")
          .hasMessageContaining("Use grpc_tls=false");
    } finally {
      plain.shutdownNow();
    }
  }

  private static Throwable reach(String host, int port, TlsMode tls) {
    GrpcAddress address =
        new GrpcAddress(host, port, "u", new Secret("geh3im"), new GrpcTls(tls, "", "", ""));
    Throwable failure;
    try (VtgateGrpc vtgate = VtgateGrpc.open(address)) {
      failure = catchThrowable(() -> vtgate.requireReachable(Duration.ofSeconds(3)));
    }
    assertThat(failure).hasMessageNotContainingAny("geh3im", "\n");
    return failure;
  }

  /** A port that sends the same to everybody who connects, and closes. */
  private static final class Answering implements AutoCloseable {

    private final ServerSocket socket = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());

    Answering(String hexadecimal) throws IOException {
      byte[] answer = HexFormat.of().parseHex(hexadecimal);
      Thread thread = new Thread(() -> answer(answer), "answering");
      thread.setDaemon(true);
      thread.start();
    }

    int number() {
      return socket.getLocalPort();
    }

    private void answer(byte[] answer) {
      while (!socket.isClosed()) {
        try (Socket client = socket.accept()) {
          client.getOutputStream().write(answer);
          client.shutdownOutput();
          if (answer.length > 0) {
            // Closing with something unread would take the answer back.
            client.getInputStream().readAllBytes();
          }
        } catch (IOException e) {
          // The client is gone, or the test is over: then the loop ends.
        }
      }
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
