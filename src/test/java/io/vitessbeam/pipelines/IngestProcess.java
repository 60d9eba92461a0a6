package io.vitessbeam.pipelines;

import io.vitessbeam.testing.TestPipelines.EmbeddedRunner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Runs {@code pipelines/ingest} as a process of its own, which may be killed.
 *
 * @param folder for what it prints
 * @param temporary its folder for temporary files
 * @param heap of its JVM, as {@code -Xmx} takes it
 */
public record IngestProcess(Path folder, Path temporary, String heap) {

  private static final long LONGEST_MILLIS = 300_000;

  /**
   * Runs it until it ends or is killed with -9, and gives its exit code.
   *
   * @throws AssertionError with what it printed, if it fails by itself
   */
  public int run(EmbeddedRunner runner, long killAfterMillis, String... flags)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add("pipelines/ingest");
    command.addAll(List.of(flags));
    command.add("--runner=" + (runner == EmbeddedRunner.DIRECT ? "DirectRunner" : "FlinkRunner"));
    Path output = folder.resolve("output");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
    builder.environment().put("TMPDIR", temporary.toString());
    builder.environment().put("VITESS_BEAM_HEAP", heap);
    Process process = builder.start();
    if (process.waitFor(Math.min(killAfterMillis, LONGEST_MILLIS), TimeUnit.MILLISECONDS)) {
      if (process.exitValue() != 0) {
        throw new AssertionError(Files.readString(output));
      }
      return 0;
    }
    process.destroyForcibly();
    return process.waitFor();
  }

  /** Runs it to its end, which must be a good one. */
  public void run(EmbeddedRunner runner, String... flags) throws IOException, InterruptedException {
    int status = run(runner, LONGEST_MILLIS, flags);
    if (status != 0) {
      throw new AssertionError("Not done in time: " + Files.readString(folder.resolve("output")));
    }
  }
}
