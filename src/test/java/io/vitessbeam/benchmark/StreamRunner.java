package io.vitessbeam.benchmark;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Where a stream runs. A cluster of Flink is there until this is closed. */
final class StreamRunner implements AutoCloseable {

  private final String name;
  private final List<String> flags;

  /** How what runs it is ended. */
  private interface End {
    void close() throws IOException, InterruptedException;
  }

  private final End end;

  private StreamRunner(String name, List<String> flags, End end) {
    this.name = name;
    this.flags = List.copyOf(flags);
    this.end = end;
  }

  /** The kinds of it. */
  enum Place {
    DIRECT("direct", 0),
    EMBEDDED_FLINK("flink", 0),
    ONE_TASK_MANAGER("cluster1", 1),
    TWO_TASK_MANAGERS("cluster2", 2);

    private final String part;
    private final int taskManagers;

    Place(String part, int taskManagers) {
      this.part = part;
      this.taskManagers = taskManagers;
    }

    /** As the benchmark's arguments name it. */
    String part() {
      return part;
    }
  }

  /** Starts it, if it isn't in the process of the stream. */
  static StreamRunner start(Place place, Path home, Path work)
      throws IOException, InterruptedException {
    return switch (place) {
      case DIRECT -> new StreamRunner("direct runner", List.of("--runner=DirectRunner"), () -> {});
      case EMBEDDED_FLINK ->
          new StreamRunner("embedded Flink", List.of("--runner=FlinkRunner"), () -> {});
      case ONE_TASK_MANAGER, TWO_TASK_MANAGERS -> cluster(home, work, place.taskManagers);
    };
  }

  private static StreamRunner cluster(Path home, Path work, int taskManagers)
      throws IOException, InterruptedException {
    int port = freePort();
    Path folder = Files.createDirectories(work.resolve("flink-" + taskManagers));
    cluster(home, folder, port, "up", "--taskmanagers=" + taskManagers);
    return new StreamRunner(
        "Flink cluster, TaskManagers: " + taskManagers,
        List.of("--runner=FlinkRunner", "--flinkMaster=localhost:" + port),
        () -> cluster(home, folder, port, "down"));
  }

  /** With the next one free as well, which the cluster takes too. */
  private static int freePort() throws IOException {
    while (true) {
      try (ServerSocket first = new ServerSocket(0)) {
        try (ServerSocket next = new ServerSocket(first.getLocalPort() + 1)) {
          return next.getLocalPort() - 1;
        } catch (IOException | IllegalArgumentException e) {
          // It is taken: another pair.
        }
      }
    }
  }

  private static void cluster(Path home, Path folder, int port, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(home.resolve("runners/flink/cluster").toString());
    command.addAll(List.of(arguments));
    Path log = folder.resolve("cluster.log");
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("FLINK_REST_PORT", String.valueOf(port));
    builder.environment().put("FLINK_CLUSTER_DIR", folder.toString());
    builder.redirectErrorStream(true).redirectOutput(log.toFile());
    if (builder.start().waitFor() != 0) {
      throw new IllegalStateException(command + " failed:\n" + Files.readString(log));
    }
  }

  String name() {
    return name;
  }

  List<String> flags() {
    return flags;
  }

  @Override
  public void close() throws IOException {
    try {
      end.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
