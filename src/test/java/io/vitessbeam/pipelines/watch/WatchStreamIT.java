package io.vitessbeam.pipelines.watch;

import static io.vitessbeam.testing.TestVitess.SHOP;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.vitessbeam.testing.FlakyProxy;
import io.vitessbeam.testing.OnEachRunner;
import io.vitessbeam.testing.TestPipelines.EmbeddedRunner;
import io.vitessbeam.testing.TestPostgresql;
import io.vitessbeam.testing.TestVitess;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Timeout;

/** A real run that never ends, watched by a person in a real browser. */
@Timeout(180)
class WatchStreamIT {

  private static final TestVitess VITESS = TestVitess.shared();
  private static final TestPostgresql POSTGRESQL = TestPostgresql.shared();
  private static final Pattern WATCHED = Pattern.compile(".* can be watched at (http:\\S+)");

  /** With longer waits between the tries that follow on each other these last some seconds. */
  private static final int REFUSALS = 6;

  private final String table = VITESS.newTable("watched");

  @OnEachRunner
  void rowsMoveAndADestinationThatIsAwayIsSeen(EmbeddedRunner runner) throws Exception {
    VITESS.execute(
        SHOP + ":0", "CREATE TABLE " + table + " (id BIGINT PRIMARY KEY, note VARCHAR(20))");
    insert(1, 1_000);
    try (FlakyProxy destination = new FlakyProxy("127.0.0.1", POSTGRESQL.port());
        Chromium browser = Chromium.start()) {
      Process run = start(runner, destination.port());
      try {
        browser.screen(1100, 900, false, false);
        browser.open(urlOf(run));
        browser.await("#state", "Following"::equals);
        browser.await("#kinds", kinds(1_000, 0));
        // Nothing changes, and its lag is not taken for one that grows.
        browser.await("#behind", "0 transactions behind"::equals);
        browser.await("#lag", lag -> lag.matches("[0-4]\\.\\d s"));

        insert(1_001, 500);
        browser.await("#kinds", kinds(1_000, 500));
        browser.await("#lag", lag -> lag.endsWith(" s"));

        for (int i = 0; i < REFUSALS; i++) {
          destination.refuse();
        }
        insert(1_501, 250);
        browser.await("#state", "Failing"::equals);
        assertThat(browser.text("#failure")).contains("ago: ");
        browser.photograph(Path.of("target/pictures/failing.png"));

        browser.await("#state", "Following"::equals);
        browser.await("#kinds", kinds(1_000, 750));
        browser.await("#events", events -> events.contains("Last failure, overcome"));

        run.destroy();
        browser.await("#state", "No answer"::equals);
        assertThat(run.waitFor()).isZero();
      } finally {
        run.destroyForcibly();
      }
    } finally {
      VITESS.execute(SHOP + ":0", "DROP TABLE " + table);
    }
  }

  private static Predicate<String> kinds(long copied, long inserted) {
    Pattern pattern =
        Pattern.compile(
            "copied\\s+%,d\\s+inserted\\s+%,d\\s.*".formatted(copied, inserted), Pattern.DOTALL);
    return text -> pattern.matcher(text).matches();
  }

  private void insert(int first, int rows) throws SQLException {
    VITESS.execute(
        SHOP + ":0",
        IntStream.range(first, first + rows)
            .mapToObj(id -> "(" + id + ",'note " + id + "')")
            .collect(Collectors.joining(",", "INSERT INTO " + table + " VALUES ", "")));
  }

  private Process start(EmbeddedRunner runner, int destinationPort) throws IOException {
    return new ProcessBuilder(
            "pipelines/ingest",
            "--source-uri=vitess+cdc://%s:%d/%s?grpc_port=%d"
                .formatted(VITESS.host(), VITESS.port(), SHOP, VITESS.grpcPort()),
            "--source-table=" + table,
            "--dest-uri="
                + POSTGRESQL.uri().replace(":" + POSTGRESQL.port(), ":" + destinationPort),
            "--stream",
            "--runner=" + (runner == EmbeddedRunner.DIRECT ? "DirectRunner" : "FlinkRunner"),
            "--flush-interval=500ms",
            "--progress=log",
            "--metrics-addr=localhost:0")
        .redirectErrorStream(true)
        .start();
  }

  /** Leaves the rest of what it prints to nobody, which is less than a pipe holds. */
  private static String urlOf(Process run) throws IOException {
    StringBuilder printed = new StringBuilder();
    BufferedReader output = run.inputReader(UTF_8);
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      Matcher watched = WATCHED.matcher(line);
      if (watched.matches()) {
        return watched.group(1);
      }
      printed.append(line).append('\n');
    }
    throw new AssertionError(printed);
  }
}
