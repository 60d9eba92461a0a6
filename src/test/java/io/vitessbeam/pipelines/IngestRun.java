package io.vitessbeam.pipelines;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.vitessbeam.testing.TestPipelines.EmbeddedRunner;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What {@code ingest} printed and ended with, run within the JVM of the test. */
record IngestRun(int status, String out, String err) {

  /** Runs it with flags, each of them {@code --name=value}. */
  static IngestRun of(String... flags) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int status =
        Main.run(
            List.of(flags), new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8));
    return new IngestRun(status, out.toString(UTF_8), err.toString(UTF_8));
  }

  /** The same, and does something once, after the first rows were read and before the end. */
  static IngestRun during(Runnable action, String... flags) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ActionOnFirstRows err = new ActionOnFirstRows(action);
    List<String> all = new ArrayList<>(List.of(flags));
    all.add("--progress=json");
    int status =
        Main.run(all, new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8));
    if (err.failure != null) {
      throw err.failure;
    }
    assertThat(err.done).as("the run was over before anything could be done during it").isTrue();
    return new IngestRun(status, out.toString(UTF_8), err.toString(UTF_8));
  }

  /** Waits for the first line of progress that tells of rows. */
  private static final class ActionOnFirstRows extends ByteArrayOutputStream {
    private final Runnable action;
    private boolean done;
    private RuntimeException failure;

    ActionOnFirstRows(Runnable action) {
      this.action = action;
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) {
      super.write(bytes, offset, length);
      String line = new String(bytes, offset, length, UTF_8);
      if (!done && line.matches("(?s).*\"event\":\"progress\".*\"rows\":[1-9].*")) {
        done = true;
        try {
          action.run();
        } catch (RuntimeException e) {
          // The run goes on without its display.
          failure = e;
        }
      }
    }
  }

  static IngestRun on(EmbeddedRunner runner, String... flags) {
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
  static IngestRun load(
      EmbeddedRunner runner, String sourceUri, String table, Path file, String... more) {
    List<String> flags = new ArrayList<>(List.of(more));
    flags.add("--source-uri=" + sourceUri);
    flags.add("--source-table=" + table);
    flags.add("--dest-uri=duckdb:///" + file);
    return on(runner, flags.toArray(String[]::new));
  }
}
