package io.vitessbeam.pipelines;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A configuration for the Flink that runs inside this process, in a folder that it also works in.
 */
final class FlinkConf {

  /** Flink's own default; enough for eight subtasks of each operator. */
  private static final int NETWORK_MEGABYTES_PER_EIGHT = 64;

  private static final int MOST_NETWORK_MEGABYTES = 256;

  private FlinkConf() {}

  /** Makes one that is deleted when the process ends. */
  static Path create(int parallelism) {
    int blocks = (parallelism + 7) / 8;
    int network = Math.min(MOST_NETWORK_MEGABYTES, NETWORK_MEGABYTES_PER_EIGHT * blocks);
    try {
      Path folder = Files.createTempDirectory("vitess-beam-flink-");
      Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder), "delete-flink-conf"));
      // Without jars and class paths Flink loads a job's classes through the system class loader,
      // which under `mvn exec:java` has none of them. A path that holds nothing gives the job a
      // class loader of its own, whose parent is ours.
      Files.writeString(
          folder.resolve("config.yaml"),
          """
          pipeline.classpaths: file:/dev/null
          classloader.check-leaked-classloader: false
          taskmanager.memory.network.min: %1$dmb
          taskmanager.memory.network.max: %1$dmb
          io.tmp.dirs: %2$s
          web.tmpdir: %2$s
          """
              .formatted(network, folder));
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write a configuration for Flink", e);
    }
  }

  private static void delete(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
      for (Path file : deepestFirst) {
        Files.deleteIfExists(file);
      }
    } catch (IOException | UncheckedIOException e) {
      // Flink's threads may still write there; what is left is in the system's temporary folder.
    }
  }
}
