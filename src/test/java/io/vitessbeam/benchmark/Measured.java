package io.vitessbeam.benchmark;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What one run of a program took, as a whole process with its start.
 *
 * @param peakMegabytes largest resident memory, heap and native
 */
record Measured(double seconds, double cpuSeconds, long peakMegabytes) {

  private static final long SAMPLE_MILLIS = 20;

  /**
   * Runs a program to its end.
   *
   * @param log takes its output; shown when the program fails
   */
  static Measured run(List<String> command, Map<String, String> environment, File log)
      throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(environment);
    builder.redirectErrorStream(true).redirectOutput(log);
    long begin = System.nanoTime();
    Process process = builder.start();
    Path status = Path.of("/proc", String.valueOf(process.pid()), "status");
    long peak = 0;
    Duration cpu = Duration.ZERO;
    // Sampled, since nothing of a process can be asked once it has ended.
    while (!process.waitFor(SAMPLE_MILLIS, TimeUnit.MILLISECONDS)) {
      peak = Math.max(peak, peakKilobytes(status));
      Duration now = process.info().totalCpuDuration().orElse(cpu);
      cpu = now.compareTo(cpu) > 0 ? now : cpu;
    }
    double seconds = (System.nanoTime() - begin) / 1e9;
    if (process.exitValue() != 0) {
      throw new IllegalStateException(
          command + " ended with " + process.exitValue() + ":\n" + Files.readString(log.toPath()));
    }
    return new Measured(seconds, cpu.toMillis() / 1e3, peak >> 10);
  }

  private static long peakKilobytes(Path status) {
    try {
      for (String line : Files.readAllLines(status)) {
        if (line.startsWith("VmHWM:")) {
          return Long.parseLong(line.replaceAll("\\D", ""));
        }
      }
    } catch (IOException e) {
      // The process has just ended.
    }
    return 0;
  }
}
