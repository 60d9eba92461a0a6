package io.vitessbeam.pipelines.flink;

import java.io.File;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** What a job ships to a cluster: the class path of this program, less what every cluster has. */
public final class StagedFiles {

  /**
   * Flink itself, the logging that it loads for jobs too, and the other runner. Of 250 MB they are
   * 65; a job of two rows ends after 11 instead of 15 seconds without them.
   */
  private static final List<String> LEFT_OUT =
      List.of("flink-", "logback-", "slf4j-api-", "beam-runners-direct-java-");

  private StagedFiles() {}

  public static List<String> ofThisProgram() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(file -> !isLeftOut(Path.of(file).getFileName().toString()))
        .toList();
  }

  static boolean isLeftOut(String name) {
    return LEFT_OUT.stream().anyMatch(name::startsWith);
  }
}
