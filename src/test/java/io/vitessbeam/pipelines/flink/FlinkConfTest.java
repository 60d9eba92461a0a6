package io.vitessbeam.pipelines.flink;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FlinkConfTest {

  /** As Flink does, whose threads go on while the JVM ends. */
  @Test
  void theFolderGoesAlthoughSomebodyStillWritesThere(@TempDir Path parent) throws Exception {
    Path folder = Files.createDirectory(parent.resolve("conf"));
    CountDownLatch writing = new CountDownLatch(1);
    Thread writer =
        new Thread(
            () -> {
              long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(300);
              for (int i = 0; System.nanoTime() < end; i++) {
                write(folder.resolve("blobs" + i % 20).resolve("file"));
                writing.countDown();
              }
            });
    writer.start();
    writing.await();

    FlinkConf.delete(folder);

    writer.join();
    assertThat(folder).doesNotExist();
  }

  private static void write(Path file) {
    try {
      Files.createDirectory(file.getParent());
      Files.writeString(file, "x");
      Files.delete(file);
      Files.delete(file.getParent());
    } catch (IOException e) {
      // Somebody else has deleted it, or its folder.
    }
  }
}
