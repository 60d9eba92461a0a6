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
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A session cluster of {@code runners/flink/cluster} for a test. */
public final class FlinkSession {

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Pattern JOB = Pattern.compile("job ([0-9a-f]{32}) runs on");
  private static final long LONGEST_SECONDS = 600;
  private static final long LOOK_EVERY_MILLIS = 200;

  private final Path folder;
  private final int port;
  private final List<String> options;

  private FlinkSession(Path folder, int port, List<String> options) {
    this.folder = folder;
    this.port = port;
    this.options = options;
  }

  /**
   * Starts one.
   *
   * @param folder for its logs, checkpoints and process ids, and for what clients print
   * @param options of {@code cluster up}
   */
  public static FlinkSession start(Path folder, String... options)
      throws IOException, InterruptedException {
    FlinkSession session = new FlinkSession(folder, freePorts(), List.of(options));
    session.up();
    return session;
  }

  /** Starts it again, as it was. */
  public void up() throws IOException, InterruptedException {
    List<String> up = new ArrayList<>(List.of("up"));
    up.addAll(options);
    cluster(up).requireSuccess();
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
    return submit(Path.of("pipelines/ingest"), flags);
  }

  /** The same with another build of the program. */
  public Client submit(Path program, String... flags) throws IOException {
    List<String> command = new ArrayList<>(List.of(program.toString()));
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
    String savepoint = savepoint(job, "stop");
    awaitState(job, "FINISHED");
    return savepoint;
  }

  /** Takes a savepoint of a job that goes on. */
  public String savepoint(String job) throws IOException, InterruptedException {
    return savepoint(job, "savepoints");
  }

  private String savepoint(String job, String how) throws IOException, InterruptedException {
    HttpRequest request =
        to("jobs/" + job + "/" + how)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString("{}"))
            .build();
    String answer = HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body();
    String path =
        "jobs/" + job + "/savepoints/" + MAPPER.readTree(answer).get("request-id").asText();
    await(path, done -> done.get("status").get("id").asText().equals("COMPLETED"));
    JsonNode operation = rest(path).get("operation");
    assertThat(operation.has("location")).as(operation.toString()).isTrue();
    return operation.get("location").asText();
  }

  /** Ends a job without a savepoint. */
  public void cancel(String job) throws IOException, InterruptedException {
    HttpRequest request = to("jobs/" + job).method("PATCH", BodyPublishers.noBody()).build();
    HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
    awaitState(job, "CANCELED");
  }

  private HttpRequest.Builder to(String path) {
    return HttpRequest.newBuilder(URI.create("http://" + master() + "/" + path));
  }

  /** The last checkpoint of a job that is still in the cluster's folder. */
  public String lastCheckpoint(String job) throws IOException {
    try (Stream<Path> found = Files.list(folder.resolve("flink/checkpoints/" + job))) {
      return found
          .filter(checkpoint -> Files.exists(checkpoint.resolve("_metadata")))
          .max(Comparator.comparingInt(FlinkSession::number))
          .orElseThrow()
          .toUri()
          .toString();
    }
  }

  private static int number(Path checkpoint) {
    return Integer.parseInt(checkpoint.getFileName().toString().replaceFirst("chk-", ""));
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
