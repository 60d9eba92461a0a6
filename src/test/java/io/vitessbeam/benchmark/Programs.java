package io.vitessbeam.benchmark;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Runs the contestants, each with a heap of 1 GiB.
 *
 * @param home the project's folder
 * @param work takes their output
 * @param rawFlags for the JVM of the raw limit
 */
record Programs(Path home, Path work, List<String> rawFlags) {

  /** A program of the test code that uses nothing of this project. */
  Measured raw(Class<?> program, Object... arguments) throws IOException, InterruptedException {
    String classPath =
        home.resolve("target/test-classes")
            + File.pathSeparator
            + Files.readString(home.resolve("target/runtime.classpath")).strip();
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx1g", "-XX:+UseParallelGC"));
    command.addAll(rawFlags);
    command.addAll(List.of("-cp", classPath, program.getName()));
    for (Object argument : arguments) {
      command.add(argument.toString());
    }
    return run(command);
  }

  /** A program of the test code that uses this project, with the flags that {@code ingest} has. */
  StreamFigures own(Class<?> program, Object... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of("-Xmx1g", "-XX:+UseParallelGC", "--add-opens=java.base/java.nio=ALL-UNNAMED"));
    command.addAll(
        List.of(
            "--add-opens=java.base/java.lang=ALL-UNNAMED",
            "--add-opens=java.base/java.util=ALL-UNNAMED"));
    command.addAll(
        List.of(
            "-cp",
            String.join(
                File.pathSeparator,
                home.resolve("target/test-classes").toString(),
                home.resolve("target/classes").toString(),
                Files.readString(home.resolve("target/runtime.classpath")).strip()),
            program.getName()));
    for (Object argument : arguments) {
      command.add(argument.toString());
    }
    return figures(command);
  }

  /** Runs a program that tells its figures. */
  StreamFigures figures(List<String> command) throws IOException, InterruptedException {
    run(command);
    return StreamFigures.read(output());
  }

  private Path output() {
    return work.resolve("output.log");
  }

  /** The figures of the raw program that ran last. */
  StreamFigures rawFigures() throws IOException {
    return StreamFigures.read(output());
  }

  /** Loads a table into a file of DuckDB. */
  Measured ingest(String sourceUri, String table, Path file, String runner)
      throws IOException, InterruptedException {
    return ingest(
        "--source-uri=" + sourceUri,
        "--source-table=" + table,
        "--dest-uri=duckdb:///" + file,
        "--runner=" + runner);
  }

  Measured ingest(String... flags) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(home.resolve("pipelines/ingest").toString());
    command.addAll(List.of(flags));
    return run(command);
  }

  private Measured run(List<String> command) throws IOException, InterruptedException {
    return Measured.run(command, Map.of("VITESS_BEAM_HEAP", "1g"), output().toFile());
  }
}
