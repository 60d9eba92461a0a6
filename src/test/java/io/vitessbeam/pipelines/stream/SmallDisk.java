package io.vitessbeam.pipelines.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** A disk of some megabytes, in memory. Only root may mount one. */
record SmallDisk(Path folder) implements AutoCloseable {

  /**
   * Mounts it, or skips the test and says why.
   *
   * @param folder that is empty
   */
  static SmallDisk mount(Path folder, int megabytes) throws IOException {
    String failure =
        run("mount", "-t", "tmpfs", "-o", "size=" + megabytes + "m", "tmpfs", folder.toString());
    if (!failure.isEmpty()) {
      System.out.println("There is no small disk for the test: " + failure);
    }
    assumeTrue(failure.isEmpty(), failure);
    return new SmallDisk(folder);
  }

  /** Gives it another size, with what is on it. */
  void enlarge(int megabytes) throws IOException {
    assertThat(run("mount", "-o", "remount,size=" + megabytes + "m", folder.toString())).isEmpty();
  }

  @Override
  public void close() throws IOException {
    assertThat(run("umount", "--lazy", folder.toString())).isEmpty();
  }

  /** What it says if it fails, else nothing. */
  private static String run(String... command) throws IOException {
    Process process = new ProcessBuilder(List.of(command)).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    // It has closed what it prints on, and ends.
    int status = process.onExit().join().exitValue();
    return status == 0 ? "" : command[0] + " ended with " + status + ": " + output;
  }
}
