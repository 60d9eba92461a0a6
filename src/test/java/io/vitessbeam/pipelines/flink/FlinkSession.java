package io.vitessbeam.pipelines.flink;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.BindException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A session cluster of {@code runners/flink/cluster} for a test. */
public final class FlinkSession {

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final long LONGEST_SECONDS = 180;
  private static final long LOOK_EVERY_MILLIS = 200;

  private final Path folder;
  private final int port;

  private FlinkSession(Path folder, int port) {
    this.folder = folder;
    this.port = port;
  }

  /**
   * Starts one.
   *
   * @param folder for its logs, checkpoints and process ids, and for what clients print
   * @param options of {@code cluster up}
   */
  public static FlinkSession start(Path folder, String... options)
      throws IOException, InterruptedException {
    FlinkSession session = new FlinkSession(folder, freePorts());
    List<String> up = new ArrayList<>(List.of("up"));
    up.addAll(List.of(options));
    session.cluster(up).requireSuccess();
    return session;
  }

  /** {@code --flinkMaster} of jobs for it. */
  public String master() {
    return "localhost:" + port;
  }

  /**
   * Submits with {@code pipelines/ingest}, which shows its progress each second, one JSON object on
   * a line.
   */
  public Client submit(String... flags) throws IOException {
    List<String> command = new ArrayList<>(List.of("pipelines/ingest"));
    command.addAll(List.of(flags));
    command.addAll(List.of("--runner=FlinkRunner", "--flinkMaster=" + master()));
    command.add("--progress=json");
    return start(command);
  }

  /** Runs {@code runners/flink/cluster} with these arguments. */
  public Client cluster(List<String> arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of("runners/flink/cluster"));
    command.addAll(arguments);
    return start(command);
  }

  private Client start(List<String> command) throws IOException {
    Path output = Files.createTempFile(folder, "output", "");
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.redirectOutput(output.toFile());
    builder.environment().put("FLINK_CLUSTER_DIR", folder.resolve("flink").toString());
    builder.environment().put("FLINK_REST_PORT", String.valueOf(port));
    return new Client(builder.start(), output);
  }

  /** A program that has been started. */
  public record Client(Process process, Path file) {

    /** Waits for its end, and gives its exit code. */
    public int status() throws IOException, InterruptedException {
      if (!process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError("Not done in time: " + output());
      }
      return process.exitValue();
    }

    /** What it has printed so far. */
    public String output() throws IOException {
      return Files.readString(file);
    }

    /** Waits for a good end, and gives what it printed. */
    public String requireSuccess() throws IOException, InterruptedException {
      int status = status();
      assertThat(status).as(output()).isZero();
      return output();
    }
  }

  /** What the cluster's REST API says. */
  public JsonNode rest(String path) throws IOException {
    try (InputStream answer = URI.create("http://" + master() + "/" + path).toURL().openStream()) {
      return MAPPER.readTree(answer);
    }
  }

  /** Waits until a job is in a state, by Flink's name of it. */
  public void awaitState(String job, String state) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LONGEST_SECONDS);
    String now;
    do {
      now = rest("jobs/" + job).get("state").asText();
      if (now.equals(state)) {
        return;
      }
      TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MILLIS);
    } while (System.nanoTime() < deadline);
    throw new AssertionError("The job is " + now + ", not " + state);
  }

  /** Ends one of its programs with -9: {@code jobmanager}, {@code taskmanager-1}, …. */
  public void kill(String name) throws IOException {
    long pid = Long.parseLong(Files.readString(folder.resolve("flink/" + name + ".pid")).strip());
    ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
  }

  public void stop() throws IOException, InterruptedException {
    cluster(List.of("down")).requireSuccess();
  }

  /** One of which the next is free as well: the cluster's RPC port. */
  private static int freePorts() throws IOException {
    while (true) {
      try (ServerSocket first = new ServerSocket(0);
          ServerSocket second = new ServerSocket(first.getLocalPort() + 1)) {
        return second.getLocalPort() - 1;
      } catch (BindException e) {
        // The next one is taken.
      }
    }
  }
}
