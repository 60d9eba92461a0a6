package io.vitessbeam.pipelines;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What libraries and our own code log comes to a user's terminal without stack traces. */
class LogsTest {

  private final PrintStream terminal = System.err;

  @AfterEach
  void restore() {
    System.setErr(terminal);
    Logs.configure(false);
  }

  @Test
  void librariesThatLogThroughTheJdkShowNoStackTrace() {
    assertThat(logged(false, () -> log("io.grpc.internal.ManagedChannelImpl"))).isEmpty();
    assertThat(logged(false, () -> log("org.postgresql.Driver")))
        .contains("it broke")
        .doesNotContain("\tat ", "IllegalStateException");
  }

  @Test
  void errorsOfOursShowNoStackTrace() {
    assertThat(
            logged(
                false,
                () ->
                    LoggerFactory.getLogger("io.vitessbeam.write.Load")
                        .warn("it broke", new IllegalStateException("deep"))))
        .contains("it broke")
        .doesNotContain("\tat ", "IllegalStateException");
  }

  @Test
  void withDebugTheyDo() {
    assertThat(logged(true, () -> log("io.grpc.internal.ManagedChannelImpl")))
        .contains("it broke", "IllegalStateException: deep", "\tat ");
  }

  private static void log(String logger) {
    Logger.getLogger(logger).log(Level.SEVERE, "it broke", new IllegalStateException("deep"));
  }

  private static String logged(boolean debug, Runnable action) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    System.setErr(new PrintStream(bytes, true, UTF_8));
    Logs.configure(debug);
    action.run();
    return bytes.toString(UTF_8);
  }
}
