package io.vitessbeam.pipelines.flink;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.BindException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A session cluster of {@code runners/flink/cluster} for a test. */
public final class FlinkSession {

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Pattern JOB = Pattern.compile("job ([0-9a-f]{32}) runs on");
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

  /** The job that a client has left to the cluster, from what it printed. */
  static String job(String output) {
    Matcher job = JOB.matcher(output);
    assertThat(job.find()).as(output).isTrue();
    return job.group(1);
  }

  /** Stops a job as its client says, and gives the savepoint. */
  public String stop(String job) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://" + master() + "/jobs/" + job + "/stop"))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString("{}"))
            .build();
    String answer = HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body();
    String trigger = MAPPER.readTree(answer).get("request-id").asText();
    awaitState(job, "FINISHED");
    return rest("jobs/" + job + "/savepoints/" + trigger).get("operation").get("location").asText();
  }

  /** The TaskManager that a job runs on, which has all of it. */
  public String taskManager(String job) throws IOException {
    String vertex = rest("jobs/" + job).get("vertices").get(0).get("id").asText();
    JsonNode subtasks = rest("jobs/" + job + "/vertices/" + vertex).get("subtasks");
    return subtasks.get(0).get("taskmanager-id").asText();
  }

  /** Waits until a job is in a state, by Flink's name of it. */
  public void awaitState(String job, String state) throws IOException, InterruptedException {
    await("jobs/" + job, answer -> answer.get("state").asText().equals(state));
  }

  /** Waits until a checkpoint of a job has completed. */
  public void awaitCheckpoint(String job) throws IOException, InterruptedException {
    await(
        "jobs/" + job + "/checkpoints",
        answer -> answer.get("counts").get("completed").asInt() > 0);
  }

  private void await(String path, Predicate<JsonNode> wanted)
      throws IOException, InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LONGEST_SECONDS);
    JsonNode answer = rest(path);
    while (!wanted.test(answer)) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("Waited in vain: " + answer);
      }
      TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MILLIS);
      answer = rest(path);
    }
  }

  /** Ends one of its programs with -9: {@code jobmanager}, {@code taskmanager-1}, …. */
  public void kill(String name) throws IOException {
    long pid = Long.parseLong(Files.readString(folder.resolve("flink/" + name + ".pid")).strip());
    ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
  }

  public void down() throws IOException, InterruptedException {
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
