package io.vitessbeam;

import static io.vitessbeam.testing.TestVitess.SHOP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.vitessbeam.connect.VitessUri;
import io.vitessbeam.connect.Vtgate;
import io.vitessbeam.testing.TestVitess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Each mistake gives one clear message of the right kind, soon, and never the password. */
@Timeout(30)
class VitessReadErrorsIT {

  private static final TestVitess VITESS = TestVitess.shared();
  private static final String SECRET = "geh3im";

  @Test
  void anUnknownHost() {
    assertConfiguration(
        "vitess://u:" + SECRET + "@no-such-host.invalid:3306/shop",
        "Host no-such-host.invalid is unknown: check the host of the URI");
  }

  @Test
  void aClosedPort() throws IOException {
    int port;
    try (ServerSocket socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    assertTransient(
        "vitess://u:" + SECRET + "@127.0.0.1:" + port + "/shop",
        "Can't connect to 127.0.0.1:"
            + port
            + ": nothing listens there. Check host and port (vtgate's MySQL port)");
  }

  /** At once, since each takes twenty seconds; the web port waits for a request, as HTTP does. */
  @Test
  void portsThatSayNothing() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      List.of(silent.getLocalPort(), VITESS.grpcPort() - 1).parallelStream()
          .forEach(
              port ->
                  assertTransient(
                      "vitess://u:" + SECRET + "@127.0.0.1:" + port + "/shop",
                      "127.0.0.1:"
                          + port
                          + " doesn't answer in the MySQL protocol. Check host and port"));
    }
  }

  @Test
  void aPortThatSpeaksSomethingElse() throws IOException {
    try (ServerSocket other = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      Thread speaker = new Thread(() -> speak(other), "speaker");
      speaker.setDaemon(true);
      speaker.start();
      assertFailure(
          "vitess://u:" + SECRET + "@127.0.0.1:" + other.getLocalPort() + "/shop",
          "127.0.0.1:" + other.getLocalPort());
    }
  }

  private static void speak(ServerSocket other) {
    try {
      while (true) {
        try (Socket socket = other.accept()) {
          socket
              .getOutputStream()
              .write("SSH-2.0-OpenSSH_9.6 and more\r\n".getBytes(StandardCharsets.UTF_8));
        }
      }
    } catch (IOException e) {
      // The test is over.
    }
  }

  @Test
  void theGrpcPort() {
    assertFailure(
        "vitess://u:" + SECRET + "@" + VITESS.host() + ":" + VITESS.grpcPort() + "/shop",
        ":" + VITESS.grpcPort());
  }

  /** vtgate's own test server looks at no passwords, the mysqld behind it does. */
  @Test
  void aWrongPassword() {
    int mysqldPort = VITESS.grpcPort() + 1;
    assertConfiguration(
        "vitess://nobody:" + SECRET + "@127.0.0.1:" + mysqldPort + "/shop",
        "127.0.0.1:" + mysqldPort + " refuses user 'nobody': wrong user name or password");
  }

  @Test
  void anUnknownKeyspace() {
    assertConfiguration(
        VITESS.uriText("nothing"),
        "Keyspace nothing doesn't exist at "
            + VITESS.host()
            + ":"
            + VITESS.port()
            + "; it has customer, shop");
  }

  @Test
  void anUnknownTable() {
    assertConfiguration(VITESS.uriText(SHOP), "Keyspace shop has no table no_such_table; it has ");
  }

  @Test
  void tlsThatTheServerDoesNotHave() {
    assertConfiguration(
        VITESS.uriText(SHOP) + "?tls=true",
        "TLS with " + VITESS.host() + ":" + VITESS.port() + " failed (tls=true)");
  }

  @Test
  void aMysqlUriToAVitess() {
    String address = VITESS.host() + ":" + VITESS.port();
    assertThatThrownBy(
            () -> MysqlRead.from("mysql://u:x@" + address + "/shop").withTable("t").schema())
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(
            address + " is a Vitess, not a plain MySQL server; use vitess://" + address + "/shop");
  }

  @Test
  void tabletsThatAreNotThere() {
    assertThatThrownBy(
            () ->
                VitessRead.from(VITESS.uriText(SHOP) + "@replica")
                    .withQuery("SELECT 1 AS one")
                    .schema())
        .isInstanceOf(VitessBeamException.class)
        .hasMessageContaining("replica");
  }

  @Test
  void theShardsOfAKeyspace() {
    assertThat(new Vtgate(VITESS.uri(SHOP)).shards()).containsExactly("0");
    assertThat(new Vtgate(VITESS.uri(TestVitess.CUSTOMER)).shards()).containsExactly("-80", "80-");
  }

  private static void assertConfiguration(String uri, String message) {
    assertThat(assertFailure(uri, message)).isInstanceOf(ConfigurationException.class);
  }

  private static void assertTransient(String uri, String message) {
    assertThat(assertFailure(uri, message)).isInstanceOf(TransientException.class);
  }

  private static Throwable assertFailure(String uri, String message) {
    Throwable failure =
        catchThrowable(
            () -> VitessRead.from(VitessUri.parse(uri)).withTable("no_such_table").schema());
    assertThat(failure).isInstanceOf(VitessBeamException.class).hasMessageContaining(message);
    assertThat(failure.getMessage()).doesNotContain("\n").doesNotContain(SECRET);
    assertThat(failure).satisfies(all -> assertThat(stackTrace(all)).doesNotContain(SECRET));
    return failure;
  }

  private static String stackTrace(Throwable failure) {
    StringBuilder text = new StringBuilder();
    for (Throwable t = failure; t != null; t = t.getCause()) {
      text.append(t).append('\n');
    }
    return text.toString();
  }
}
