package io.vitessbeam.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Another JVM that runs the main method of a test class; it dies with the test. */
public final class ChildJvm implements AutoCloseable {

  private final Process process;
  private final BufferedReader output;
  private final List<String> lines = new ArrayList<>();

  private ChildJvm(Process process) {
    this.process = process;
    this.output =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  public static ChildJvm start(Class<?> main, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElseThrow());
    command.add("-Xmx256m");
    command.add("--add-opens=java.base/java.nio=ALL-UNNAMED");
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(main.getName());
    command.addAll(List.of(arguments));
    return new ChildJvm(new ProcessBuilder(command).redirectErrorStream(true).start());
  }

  /**
   * Waits until it prints a line that begins so, and gives the rest of that.
   *
   * @throws AssertionError with all that it has printed, if it ends before
   */
  public String awaitLine(String start) throws IOException {
    String line = output.readLine();
    while (line != null && !line.startsWith(start)) {
      lines.add(line);
      line = output.readLine();
    }
    if (line == null) {
      throw new AssertionError("the child ended: " + String.join("\n", lines));
    }
    return line.substring(start.length());
  }

  /** Ends it as kill -15 does, with its shutdown hooks. */
  public void terminate() throws InterruptedException {
    process.destroy();
    process.waitFor(1, TimeUnit.MINUTES);
  }

  /** Ends it as kill -9 does, without a last word. */
  public void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor(1, TimeUnit.MINUTES);
  }

  /** Waits until it has ended by itself. */
  public int exitCode() throws IOException, InterruptedException {
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      lines.add(line);
    }
    process.waitFor(1, TimeUnit.MINUTES);
    return process.exitValue();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
