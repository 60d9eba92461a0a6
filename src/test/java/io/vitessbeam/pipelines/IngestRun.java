package io.vitessbeam.pipelines;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.vitessbeam.testing.FlakyProxy;
import io.vitessbeam.testing.TestPipelines.EmbeddedRunner;
import io.vitessbeam.testing.TestVitess;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

/** What {@code ingest} printed and ended with, run within the JVM of the test. */
public record IngestRun(int status, String out, String err) {

  /** More than a run learns of its tables before it reads them. */
  private static final int FIRST_BYTES = 200 << 10;

  /** Runs it with flags, each of them {@code --name=value}. */
  public static IngestRun of(String... flags) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int status =
        Main.run(
            List.of(flags), new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8));
    return new IngestRun(status, out.toString(UTF_8), err.toString(UTF_8));
  }

  /**
   * The same from the shared Vitess, and does something once, while rows are on their way: after
   * the first of them have left vtgate, and before a reader has all of its rows.
   */
  public static IngestRun during(Runnable action, String... flags) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    AtomicBoolean begun = new AtomicBoolean();
    Runnable once =
        () -> {
          if (begun.getAndSet(true)) {
            return;
          }
          try {
            action.run();
            done.complete(null);
          } catch (RuntimeException e) {
            done.completeExceptionally(e);
          }
        };
    TestVitess vitess = TestVitess.shared();
    try (FlakyProxy mysql = new FlakyProxy(vitess.host(), vitess.port());
        FlakyProxy grpc = new FlakyProxy(vitess.host(), vitess.grpcPort())) {
      mysql.onceAfter(FIRST_BYTES, once);
      grpc.onceAfter(FIRST_BYTES, once);
      String[] proxied =
          Stream.of(flags)
              .map(flag -> flag.replace(":" + vitess.port() + "/", ":" + mysql.port() + "/"))
              .map(
                  flag ->
                      flag.replace("grpc_port=" + vitess.grpcPort(), "grpc_port=" + grpc.port()))
              .toArray(String[]::new);
      IngestRun run = of(proxied);
      assertThat(done).as("what is done during the run").succeedsWithin(Duration.ofSeconds(30));
      return run;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static IngestRun on(EmbeddedRunner runner, String... flags) {
    List<String> all = new ArrayList<>(List.of(flags));
    all.add("--progress=log");
    all.add(
        switch (runner) {
          case DIRECT -> "--runner=DirectRunner";
          case FLINK -> "--runner=FlinkRunner";
        });
    return of(all.toArray(String[]::new));
  }

  /** Loads a table into a file of DuckDB. */
  public static IngestRun load(
      EmbeddedRunner runner, String sourceUri, String table, Path file, String... more) {
    List<String> flags = new ArrayList<>(List.of(more));
    flags.add("--source-uri=" + sourceUri);
    flags.add("--source-table=" + table);
    flags.add("--dest-uri=duckdb:///" + file);
    return on(runner, flags.toArray(String[]::new));
  }
}
