package io.vitessbeam.pipelines.stream;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.vitessbeam.pipelines.IngestRun;
import io.vitessbeam.testing.TableRows;
import io.vitessbeam.testing.TestCluster;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * A stream from a keyspace of a full cluster into a DuckDB file, which may be started again and
 * again, and compared with what it follows.
 */
final class ClusterStream implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofMinutes(4);

  private final TestCluster cluster;
  private final String keyspace;
  private final Path folder;
  private final List<String> flags;
  private StreamProcess process;

  /**
   * @param folder of the test, for the file
   * @param flags which tables
   */
  ClusterStream(TestCluster cluster, String keyspace, Path folder, String... flags) {
    this.cluster = cluster;
    this.keyspace = keyspace;
    this.folder = folder;
    this.flags =
        new ArrayList<>(
            List.of(
                "--source-uri=" + cluster.cdcUriText(keyspace, TestCluster.PASSWORD),
                "--dest-uri=" + StreamPlace.DUCKDB.uri(folder)));
    this.flags.addAll(List.of(flags));
  }

  /** Starts it, also again. */
  void start() throws IOException {
    List<String> all = new ArrayList<>(flags);
    all.addAll(List.of("--flush-interval=500ms", "--metrics-addr=localhost:0"));
    process = StreamProcess.start(folder, all);
  }

  /** A run that ends, while there is none that doesn't, which copies all anew. */
  void refresh() {
    List<String> all = new ArrayList<>(flags);
    all.add("--full-refresh");
    assertThat(IngestRun.of(all.toArray(String[]::new)).status()).isZero();
  }

  /** That which was started last. */
  StreamProcess process() {
    return process;
  }

  /** Tells it to end, and gives what it has printed since it was started; it has to end well. */
  String stop() throws InterruptedException {
    return process.stop();
  }

  /** Waits until all of its tables are followed. */
  void awaitFollowing() throws InterruptedException {
    awaitStatus(
        "tables that are followed",
        status -> {
          List<String> states = status.path("tables").findValuesAsText("state");
          return !states.isEmpty() && states.stream().allMatch("following"::equals);
        });
  }

  /** Waits until a table of {@code (id, n)} is what it is in the cluster now. */
  void awaitSame(String table) throws SQLException, InterruptedException {
    awaitSame(table, "id, n");
  }

  void awaitSame(String table, String columns) throws SQLException, InterruptedException {
    List<String> expected;
    try (Connection connection = cluster.connect(keyspace)) {
      expected = TableRows.ofVitess(connection, "SELECT " + columns + " FROM " + table);
    }
    awaitRows(table, columns, expected);
  }

  /** Waits until a table of the file has these rows and no others. */
  void awaitRows(String table, String columns, List<String> expected) throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    List<String> rows = rows(table, columns);
    while (!rows.equals(expected) && System.nanoTime() < deadline && process.runs()) {
      // A file is locked while it is read.
      TimeUnit.MILLISECONDS.sleep(500);
      rows = rows(table, columns);
    }
    assertThat(rows).as("%s: %s", table, process.output()).containsExactlyElementsOf(expected);
  }

  /** The live rows of a table of the file; why not, while it is being written or not there yet. */
  List<String> rows(String table, String columns) {
    try {
      return StreamPlace.DUCKDB.rows(
          folder, "SELECT " + columns + " FROM " + table + " WHERE NOT _cdc_deleted");
    } catch (SQLException e) {
      return List.of(String.valueOf(e.getMessage()));
    }
  }

  /** Waits until it has printed something. */
  void awaitOutput(String text) throws InterruptedException {
    await(text, () -> process.output().contains(text));
  }

  /** Waits until its status, as its page reads it, is as wanted. */
  void awaitStatus(String what, Predicate<JsonNode> wanted) throws InterruptedException {
    await(what, () -> wanted.test(process.status()));
  }

  private interface Condition {
    boolean holds() throws IOException;
  }

  private void await(String what, Condition condition) throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    try {
      while (!condition.holds()) {
        assertThat(System.nanoTime()).as("%s: %s", what, process.output()).isLessThan(deadline);
        assertThat(process.runs()).as("%s: %s", what, process.output()).isTrue();
        TimeUnit.MILLISECONDS.sleep(200);
      }
    } catch (IOException e) {
      throw new AssertionError(what + ": " + process.output(), e);
    }
  }

  @Override
  public void close() {
    if (process != null) {
      process.close();
    }
  }
}
