package io.vitessbeam.pipelines;

import static java.nio.charset.StandardCharsets.UTF_8;

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
