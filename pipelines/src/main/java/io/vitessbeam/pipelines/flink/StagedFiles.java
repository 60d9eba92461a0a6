package io.vitessbeam.pipelines.flink;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vitessbeam.pipelines.Main;
import io.vitessbeam.pipelines.Surroundings;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * What a job ships to a cluster: the class path of this program, less what every cluster has, as
 * one jar. Flink takes its time for each file: a job of two rows ended after 18 seconds with 75 of
 * them, after 8 with one (two cores under load).
 */
public final class StagedFiles {

  /** Flink itself, the logging that it loads for jobs too, and the other runner. */
  private static final List<String> LEFT_OUT =
      List.of("flink-", "logback-", "slf4j-api-", "beam-runners-direct-java-");

  private static final String BUILD = "target";

  private StagedFiles() {}

  /**
   * The jar, which is made anew when something has changed since, and kept where the program is
   * built; elsewhere until the process ends.
   */
  public static Path ofThisProgram() {
    List<Path> files = classPath();
    if (files.size() == 1 && Files.isRegularFile(files.get(0))) {
      return files.get(0);
    }
    try {
      Path folder =
          Surroundings.inCheckout(BUILD)
              .filter(Files::isWritable)
              .map(build -> build.resolve("flink"))
              .orElse(null);
      return folder == null ? temporary(files) : kept(files, Files.createDirectories(folder));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make the jar of a Flink job", e);
    }
  }

  /**
   * Writes the jar for Flink's own client, {@code flink run}, or for Flink's {@code lib}; or, with
   * all that the program needs, for {@code java -jar}.
   *
   * @param arguments the file, after {@code --whole} for the latter
   */
  public static void main(String[] arguments) {
    boolean whole = arguments.length == 2 && arguments[0].equals("--whole");
    if (arguments.length != 1 && !whole) {
      throw new IllegalArgumentException("needs the name of the jar to write");
    }
    Path jar = Path.of(arguments[arguments.length - 1]).toAbsolutePath();
    write(jar, whole ? wholeClassPath() : classPath());
  }

  private static Path temporary(List<Path> files) throws IOException {
    Path jar = Files.createTempFile("vitess-beam-job-", ".jar");
    jar.toFile().deleteOnExit();
    write(jar, files);
    return jar;
  }

  /** In a folder that is ours. */
  static Path kept(List<Path> files, Path folder) throws IOException {
    String name =
        "vitess-beam-job-" + UUID.nameUUIDFromBytes(state(files).getBytes(UTF_8)) + ".jar";
    Path jar = folder.resolve(name);
    if (!Files.exists(jar)) {
      removeOthers(folder);
      // Whole or not at all, whoever else makes it.
      Path part = Files.createTempFile(folder, "job", ".part");
      write(part, files);
      Files.move(part, jar, StandardCopyOption.ATOMIC_MOVE);
    }
    return jar;
  }

  private static void removeOthers(Path folder) throws IOException {
    try (Stream<Path> others = Files.list(folder)) {
      for (Path other : others.filter(file -> file.toString().endsWith(".jar")).toList()) {
        Files.deleteIfExists(other);
      }
    }
  }

  private static void write(Path jar, List<Path> files) {
    JobJar.write(jar, files, Main.class.getName());
  }

  /** By name, size and time of all files. */
  private static String state(List<Path> files) throws IOException {
    StringBuilder state = new StringBuilder();
    for (Path file : files.stream().filter(Files::exists).toList()) {
      try (Stream<Path> found = Files.walk(file)) {
        for (Path part : found.filter(Files::isRegularFile).sorted().toList()) {
          state.append(part).append(' ').append(Files.size(part)).append(' ');
          state.append(Files.getLastModifiedTime(part).toMillis()).append('\n');
        }
      }
    }
    return state.toString();
  }

  private static List<Path> classPath() {
    return wholeClassPath().stream()
        .filter(file -> !isLeftOut(file.getFileName().toString()))
        .toList();
  }

  private static List<Path> wholeClassPath() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .map(Path::of)
        .filter(Files::exists)
        .flatMap(file -> Stream.concat(Stream.of(file), libraries(file)))
        .toList();
  }

  /** Those of DuckDB, which stand beside its jar in the installed program. */
  private static Stream<Path> libraries(Path jar) {
    if (!jar.getFileName().toString().startsWith("duckdb_jdbc-")) {
      return Stream.empty();
    }
    try (Stream<Path> beside = Files.list(jar.toAbsolutePath().getParent())) {
      return beside
          .filter(file -> file.getFileName().toString().startsWith("libduckdb_java.so_"))
          .toList()
          .stream();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot look for DuckDB's libraries", e);
    }
  }

  private static boolean isLeftOut(String name) {
    return LEFT_OUT.stream().anyMatch(name::startsWith);
  }
}
