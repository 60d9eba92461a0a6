package io.vitessbeam.pipelines;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.FileVisitor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.TimeUnit;

/**
 * A configuration for the Flink that runs inside this process, in a folder that it also works in.
 */
final class FlinkConf {

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
