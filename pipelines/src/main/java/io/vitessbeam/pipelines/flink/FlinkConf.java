package io.vitessbeam.pipelines.flink;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.FileVisitor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Configurations for Flink, of what its runner has no options for. Each is a folder that is deleted
 * when the process ends; the Flink that runs inside this process also works in it.
 */
public final class FlinkConf {

  /**
   * The runner's options for jobs on a cluster that never end, by their names. The sources that
   * began the job stay open: once they are closed, reads that never end run while their operators
   * finish, and no checkpoint gets past them.
   */
  public static final Map<String, String> CLUSTER_STREAMING =
      Map.of("checkpointingInterval", "10000", "finishBundleBeforeCheckpointing", "true");

  /**
   * The same inside this process, where a job that is told to stop has to end, which it does when
   * its sources are closed. Without checkpoints it is started again from what the destination has.
   */
  public static final Map<String, String> EMBEDDED_STREAMING =
      Map.of("shutdownSourcesAfterIdleMs", "0");

  /** Flink's own default; enough for eight subtasks of each operator. */
  private static final int NETWORK_MEGABYTES_PER_EIGHT = 64;

  private static final int MOST_NETWORK_MEGABYTES = 256;

  private static final int DELETE_TRIES = 40;
  private static final int DELETE_EVERY_MILLIS = 50;

  /** Deletes what it can, and goes on. */
  private static final FileVisitor<Path> DELETING =
      new SimpleFileVisitor<>() {
        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
          return deleted(file);
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException e) {
          return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path folder, IOException e) {
          return deleted(folder);
        }

        private FileVisitResult deleted(Path path) {
          try {
            Files.deleteIfExists(path);
          } catch (IOException e) {
            // The next try.
          }
          return FileVisitResult.CONTINUE;
        }
      };

  /**
   * A job that never ends is started again after a failure that may pass, as often as it takes: the
   * first time at once, then ever more rarely. A failure that lasts ends it, see {@link
   * io.vitessbeam.VitessBeamException}.
   */
  private static final Map<String, String> RESTARTS =
      Map.of(
          "restart-strategy.type", "exponential-delay",
          "restart-strategy.exponential-delay.initial-backoff", "1 s",
          "restart-strategy.exponential-delay.backoff-multiplier", "2.0",
          "restart-strategy.exponential-delay.max-backoff", "1 min",
          "restart-strategy.exponential-delay.reset-backoff-threshold", "10 min",
          "restart-strategy.exponential-delay.jitter-factor", "0.1");

  /** A checkpoint that fails is no reason to fail; four in a row are. */
  private static final Map<String, String> CHECKPOINTS =
      Map.of("execution.checkpointing.tolerable-failed-checkpoints", "3");

  private FlinkConf() {}

  /**
   * Of the Flink inside this process.
   *
   * @param parallelism of its jobs
   * @param streaming whether its jobs never end
   * @param restarts whether they are started again by themselves
   */
  public static Path embedded(int parallelism, boolean streaming, boolean restarts) {
    int blocks = (parallelism + 7) / 8;
    String network = Math.min(MOST_NETWORK_MEGABYTES, NETWORK_MEGABYTES_PER_EIGHT * blocks) + "mb";
    Path folder = newFolder();
    Map<String, String> settings = new TreeMap<>();
    // Without jars and class paths Flink loads a job's classes through the system class loader,
    // which under `mvn exec:java` has none of them. A path that holds nothing gives the job a
    // class loader of its own, whose parent is ours.
    settings.put("pipeline.classpaths", "file:/dev/null");
    settings.put("classloader.check-leaked-classloader", "false");
    settings.put("taskmanager.memory.network.min", network);
    settings.put("taskmanager.memory.network.max", network);
    settings.put("io.tmp.dirs", folder.toString());
    settings.put("web.tmpdir", folder.toString());
    if (streaming) {
      settings.putAll(CHECKPOINTS);
      // On the heap, where they are by default, no state may exceed 5 MB.
      settings.put("state.checkpoint-storage", "filesystem");
      settings.put("state.checkpoints.dir", folder.resolve("checkpoints").toUri().toString());
    }
    if (restarts) {
      settings.putAll(RESTARTS);
    }
    return write(settings, folder);
  }

  /** Of a client that submits a job that never ends to a cluster, which has all else. */
  public static Path ofRestartingJob() {
    Map<String, String> settings = new TreeMap<>(RESTARTS);
    settings.putAll(CHECKPOINTS);
    return write(settings, newFolder());
  }

  /** What runs that never end have on Flink, for people. */
  public static String describeStreaming() {
    return """
    Runs that never end have on a Flink cluster
        %s;
    embedded Flink keeps no checkpoints.
    After a failure that may pass they are started again, after %s, then %s at most;
    --numberOfExecutionRetries and --executionRetryDelay (milliseconds) set another way, and
    --flinkConfDir a configuration of your own. A cluster's own settings choose the state
    backend and where checkpoints are.
    """
        .formatted(
            CLUSTER_STREAMING.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(option -> "--" + option.getKey() + "=" + option.getValue())
                .collect(Collectors.joining(" ")),
            RESTARTS.get("restart-strategy.exponential-delay.initial-backoff"),
            RESTARTS.get("restart-strategy.exponential-delay.max-backoff"))
        .stripTrailing();
  }

  private static Path newFolder() {
    try {
      Path folder = Files.createTempDirectory("vitess-beam-flink-");
      Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder), "delete-flink-conf"));
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make a folder for Flink's configuration", e);
    }
  }

  private static Path write(Map<String, String> settings, Path folder) {
    StringBuilder lines = new StringBuilder();
    settings.forEach((name, value) -> lines.append(name).append(": ").append(value).append('\n'));
    try {
      Files.writeString(folder.resolve("config.yaml"), lines);
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write a configuration for Flink", e);
    }
  }

  /** Flink's own hooks and threads delete and write there meanwhile, so it is tried for a while. */
  static void delete(Path folder) {
    for (int i = 0; i < DELETE_TRIES && Files.exists(folder); i++) {
      try {
        Files.walkFileTree(folder, DELETING);
        TimeUnit.MILLISECONDS.sleep(DELETE_EVERY_MILLIS);
      } catch (IOException e) {
        // What is left after the last try is in the system's temporary folder.
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }
}
