package io.vitessbeam.pipelines.stream;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vitessbeam.testing.TestPipelines.EmbeddedRunner;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** {@code pipelines/ingest --stream} as a process of its own, which is told to end or killed. */
final class StreamProcess implements AutoCloseable {

  private static final Pattern WATCHED = Pattern.compile("can be watched at (http:\\S+)");
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final long LONGEST_SECONDS = 120;

  private final Process process;
  private final Path output;

  private StreamProcess(Process process, Path output) {
    this.process = process;
    this.output = output;
  }

  /**
   * Starts it.
   *
   * @param folder for what it prints and its temporary files
   * @param heap of its JVM, as {@code -Xmx} takes it
   */
  static StreamProcess start(Path folder, String heap, EmbeddedRunner runner, List<String> flags)
      throws IOException {
    List<String> command = new ArrayList<>(List.of("pipelines/ingest", "--stream"));
    command.addAll(flags);
    command.add("--progress=log");
    command.add("--runner=" + (runner == EmbeddedRunner.DIRECT ? "DirectRunner" : "FlinkRunner"));
    Path output = Files.createTempFile(folder, "stream", ".log");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
    builder.environment().put("TMPDIR", folder.toString());
    builder.environment().put("VITESS_BEAM_HEAP", heap);
    return new StreamProcess(builder.start(), output);
  }

  static StreamProcess start(Path folder, List<String> flags) throws IOException {
    return start(folder, "512m", EmbeddedRunner.DIRECT, flags);
  }

  /** What it has printed. */
  String output() {
    try {
      return Files.readString(output);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Memory of its process in MiB, as the kernel counts it; 0 when it does not run. */
  long residentMebibytes() throws IOException {
    Path status = Path.of("/proc", Long.toString(process.pid()), "status");
    if (!runs() || !Files.exists(status)) {
      return 0;
    }
    try (Stream<String> lines = Files.lines(status)) {
      return lines
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
          .findFirst()
          .orElse(0);
    }
  }

  /** What its page is made of; nothing is in it while there is none. */
  JsonNode status() throws IOException {
    Matcher watched = WATCHED.matcher(output());
    if (!watched.find() || !runs()) {
      return MAPPER.createObjectNode();
    }
    try (InputStream answer =
        URI.create(watched.group(1)).resolve("/status.json").toURL().openStream()) {
      return MAPPER.readTree(answer);
    }
  }

  boolean runs() {
    return process.isAlive();
  }

  /** Tells it to end, as SIGTERM does, and gives what it has printed; it has to end well. */
  String stop() throws InterruptedException {
    process.destroy();
    assertThat(exitCode()).as(output()).isZero();
    return output();
  }

  /** Waits for its end. */
  int exitCode() throws InterruptedException {
    assertThat(process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)).as(output()).isTrue();
    return process.exitValue();
  }

  /** Ends it as kill -9 does. */
  void kill() throws InterruptedException {
    process.destroyForcibly();
    assertThat(process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)).isTrue();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
