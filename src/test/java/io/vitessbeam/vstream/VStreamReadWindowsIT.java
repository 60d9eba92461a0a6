package io.vitessbeam.vstream;

import static io.vitessbeam.testing.TestCluster.SHOP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitessbeam.ChangeRecord;
import io.vitessbeam.VStreamRead;
import io.vitessbeam.testing.OnEachRunner;
import io.vitessbeam.testing.TestCluster;
import io.vitessbeam.testing.TestPipelines.EmbeddedRunner;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.transforms.Combine;
import org.apache.beam.sdk.transforms.Count;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.transforms.windowing.FixedWindows;
import org.apache.beam.sdk.transforms.windowing.IntervalWindow;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;

/** Windows of event time close although nothing happens on one of two shards. */
@Timeout(300)
class VStreamReadWindowsIT {

  private static final int WINDOWS = 2;
  private static final Duration SOON = Duration.ofSeconds(5);

  private static TestCluster cluster;

  /** A window that was closed. */
  private record Fired(IntervalWindow window, long atMillis, long rows) {}

  @BeforeAll
  static void start() {
    cluster = TestCluster.ownSharded();
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  @OnEachRunner
  void windowsCloseSoonAfterTheirEnd(EmbeddedRunner runner) throws SQLException {
    String run = UUID.randomUUID().toString();
    String table = cluster.newTable("windows");
    cluster.createSharded(
        SHOP, table, "id", "(id BIGINT PRIMARY KEY AUTO_INCREMENT, at TIMESTAMP DEFAULT NOW())");
    Observe.BY_RUN.put(run, new ConcurrentLinkedQueue<>());
    Pipeline pipeline = pipeline(runner);
    pipeline
        .apply(
            VStreamRead.from(cluster.cdcUriText(SHOP, TestCluster.PASSWORD))
                .withTable(table)
                .fromNow())
        .apply(Window.into(FixedWindows.of(org.joda.time.Duration.standardMinutes(1))))
        .apply(Combine.globally(Count.<ChangeRecord>combineFn()).withoutDefaults())
        .apply(ParDo.of(new Observe(run)));

    ScheduledExecutorService writer = Executors.newSingleThreadScheduledExecutor();
    try {
      Future<?> unused =
          writer.scheduleAtFixedRate(() -> insert(table), 0, 500, TimeUnit.MILLISECONDS);
      assertThatThrownBy(() -> pipeline.run().waitUntilFinish())
          .hasStackTraceContaining(Observe.ENOUGH);
    } finally {
      writer.shutdownNow();
    }

    List<Fired> fired = new ArrayList<>(Observe.BY_RUN.remove(run));
    assertThat(fired).hasSize(WINDOWS);
    for (Fired window : fired) {
      assertThat(window.rows()).isEqualTo(rowsOf(table, window.window()));
    }
    // The runner may have been starting when the first one ended.
    for (Fired window : fired.subList(1, WINDOWS)) {
      assertThat(Duration.ofMillis(window.atMillis() - window.window().end().getMillis()))
          .as("how late window %s was", window)
          .isBetween(Duration.ZERO, SOON);
    }
  }

  private static Pipeline pipeline(EmbeddedRunner runner) {
    List<String> options = new ArrayList<>(List.of(runner.args()));
    if (runner == EmbeddedRunner.FLINK) {
      options.addAll(
          List.of(
              "--streaming",
              "--checkpointingInterval=1000",
              "--finishBundleBeforeCheckpointing=true",
              "--numberOfExecutionRetries=0"));
    }
    return Pipeline.create(
        PipelineOptionsFactory.fromArgs(options.toArray(String[]::new)).create());
  }

  /** On one shard only. */
  private static void insert(String table) {
    try {
      cluster.execute(SHOP + ":-80", "INSERT INTO " + table + " () VALUES ()");
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static long rowsOf(String table, IntervalWindow window) throws SQLException {
    try (Connection connection = cluster.connect(SHOP + ":-80");
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT COUNT(*) FROM "
                    + table
                    + " WHERE UNIX_TIMESTAMP(at) >= "
                    + window.start().getMillis() / 1000
                    + " AND UNIX_TIMESTAMP(at) < "
                    + window.end().getMillis() / 1000)) {
      rows.next();
      return rows.getLong(1);
    }
  }

  /** The runners are embedded, so that a static map reaches the test. */
  private static final class Observe extends DoFn<Long, Void> {

    private static final String ENOUGH = "enough windows were closed";

    private static final Map<String, Queue<Fired>> BY_RUN = new ConcurrentHashMap<>();

    private final String run;

    Observe(String run) {
      this.run = run;
    }

    /** Nothing else ends an unbounded pipeline of an embedded Flink. */
    @ProcessElement
    public void process(@Element Long rows, BoundedWindow window) {
      Queue<Fired> fired = BY_RUN.get(run);
      fired.add(new Fired((IntervalWindow) window, System.currentTimeMillis(), rows));
      if (fired.size() == WINDOWS) {
        throw new IllegalStateException(ENOUGH);
      }
    }
  }
}
