package io.vitessbeam.pipelines;

import io.vitessbeam.pipelines.flink.FlinkClient;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Runs the program in a JVM of its own where Maven has loaded it. The client of a Flink cluster
 * reads the cause of a failure by the JVM's system class loader, which under Maven has no class of
 * Flink's: the cause would be lost, after more than a minute of retries.
 */
final class OwnProcess {

  private OwnProcess() {}

  /** Whether a command line needs it, given who has loaded this class. */
  static boolean isNeeded(List<String> words, ClassLoader loader) {
    if (loader == ClassLoader.getSystemClassLoader()
        || !(loader instanceof URLClassLoader)
        || FlinkClient.startedThis()) {
      return false;
    }
    try {
      return RunnerDefaults.isForFlinkCluster(CommandLine.parse(words));
    } catch (UsageException e) {
      // Whoever runs it says so.
      return false;
    }
  }

  /** Runs the program with the class path of a loader, and gives its exit code. */
  static int run(List<String> words, URLClassLoader loader) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    // As the launcher does: it only submits, and a better compiler would take seconds of CPU.
    command.add("-XX:TieredStopAtLevel=1");
    command.addAll(List.of("-cp", classPath(loader), Main.class.getName()));
    command.addAll(words);
    try {
      Process process = new ProcessBuilder(command).inheritIO().start();
      Thread end = new Thread(process::destroy, "end-own-process");
      Runtime.getRuntime().addShutdownHook(end);
      int status = process.waitFor();
      Runtime.getRuntime().removeShutdownHook(end);
      return status;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start " + command.get(0), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the program ran", e);
    }
  }

  private static String classPath(URLClassLoader loader) {
    return Arrays.stream(loader.getURLs())
        .map(OwnProcess::file)
        .collect(Collectors.joining(File.pathSeparator));
  }

  private static String file(URL url) {
    try {
      return Path.of(url.toURI()).toString();
    } catch (URISyntaxException e) {
      throw new IllegalStateException("no file: " + url, e);
    }
  }
}
