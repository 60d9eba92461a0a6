package io.vitessbeam.benchmark;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** {@code ingest --stream} as a process, which is told to end when this is closed. */
final class Following implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private final Process process;
  private final File log;

  private Following(Process process, File log) {
    this.process = process;
    this.log = log;
  }

  static Following start(Path home, File log, List<String> flags) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(home.resolve("pipelines/ingest").toString());
    command.add("--stream");
    command.add("--progress=log");
    command.addAll(flags);
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(Map.of("VITESS_BEAM_HEAP", "1g"));
    builder.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.appendTo(log));
    return new Following(builder.start(), log);
  }

  /** What it has used so far. */
  Duration cpu() {
    return process.info().totalCpuDuration().orElse(Duration.ZERO);
  }

  /**
   * Fails unless it goes on.
   *
   * @throws IllegalStateException with what it said
   */
  void requireAlive() throws IOException {
    if (!process.isAlive()) {
      throw failure("ended with " + process.exitValue());
    }
  }

  private IllegalStateException failure(String what) throws IOException {
    return new IllegalStateException("ingest " + what + ":\n" + Files.readString(log.toPath()));
  }

  @Override
  public void close() throws IOException {
    process.destroy();
    try {
      if (process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    process.destroyForcibly();
    throw failure("didn't end when it was told to");
  }
}
