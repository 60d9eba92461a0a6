package io.vitessbeam.pipelines.program;

import static io.vitessbeam.testing.TestVitess.SHOP;
import static org.assertj.core.api.Assertions.assertThat;

import io.vitessbeam.testing.TableRows;
import io.vitessbeam.testing.TestVitess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What {@code mvn package} makes for users, unpacked where there is neither Maven nor a checkout.
 */
class InstalledProgramIT {

  private static final String PASSWORD = "secret-of-the-test";
  private static final long LONGEST_SECONDS = 120;

  /** Uses of {@code setpriv}: somebody who owns nothing and has no home. */
  private static final List<String> AS_NOBODY =
      List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups");

  @TempDir private static Path unpacked;

  private static Path home;

  @TempDir private Path folder;

  private final TestVitess vitess = TestVitess.shared();
  private final String table = vitess.newTable("installed");

  @BeforeAll
  static void unpack() throws Exception {
    Files.setPosixFilePermissions(unpacked, PosixFilePermissions.fromString("rwxr-xr-x"));
    Process tar =
        new ProcessBuilder("tar", "-xzf", built(".tar.gz").toString(), "-C", unpacked.toString())
            .inheritIO()
            .start();
    assertThat(tar.waitFor()).isZero();
    try (Stream<Path> found = Files.list(unpacked)) {
      home = found.findFirst().orElseThrow();
    }
  }

  private static Path built(String end) throws IOException {
    try (Stream<Path> files = Files.list(Path.of("target"))) {
      return files
          .filter(file -> file.getFileName().toString().matches("vitess-beam-[^/]*"))
          .filter(file -> file.toString().endsWith(end))
          .findFirst()
          .orElseThrow(() -> new AssertionError("mvn package makes target/vitess-beam-…" + end))
          .toAbsolutePath();
    }
  }

  @Test
  void runsForSomebodyWithoutAHomeWhereNothingCanBeWritten() throws Exception {
    createTable();
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
    List<String> command = new ArrayList<>(isRoot() ? AS_NOBODY : List.of());
    command.add(home.resolve("bin/ingest").toString());
    command.addAll(flags());

    run(command);

    assertLoaded();
  }

  @Test
  void startsFromAnArchiveOfItsClassesTheSecondTime() throws Exception {
    createTable();
    List<String> command = new ArrayList<>(List.of(home.resolve("bin/ingest").toString()));
    command.addAll(flags());

    run(command);
    try (Stream<Path> archives = Files.list(home.resolve("cache"))) {
      assertThat(archives).singleElement().asString().endsWith(".jsa");
    }
    Files.delete(folder.resolve("shop.duckdb"));
    run(command);

    assertLoaded();
  }

  @Test
  void noPasswordIsInTheListOfProcesses() throws Exception {
    createTable();
    List<String> command = new ArrayList<>(List.of(home.resolve("bin/ingest").toString()));
    command.addAll(flags());
    Process process = start(command);
    try {
      // The launcher is bash, and then the JVM: with the same number.
      while (!arguments(process).contains("io.vitessbeam.pipelines.Main")) {
        assertThat(process.isAlive()).as(output()).isTrue();
        TimeUnit.MILLISECONDS.sleep(10);
      }
      assertThat(arguments(process)).contains("--source-table").doesNotContain(PASSWORD);
      await(process);
    } finally {
      process.destroyForcibly();
    }
    assertLoaded();
    assertThat(output()).doesNotContain(PASSWORD);
  }

  @Test
  void oneJarHasAllOfIt() throws Exception {
    createTable();
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    List<String> command =
        new ArrayList<>(
            List.of(java.toString(), "-jar", built("-bundled.jar").toString(), "ingest"));
    command.addAll(flags());
    command.add("--runner=FlinkRunner");

    run(command);

    assertLoaded();
  }

  private void createTable() throws Exception {
    vitess.execute(
        SHOP,
        "CREATE TABLE " + table + " (id BIGINT PRIMARY KEY, n VARCHAR(40))",
        "INSERT INTO " + table + " VALUES (1, 'a'), (2, NULL), (3, 'ü')");
  }

  private List<String> flags() {
    String uri = vitess.uriText(SHOP).replace("vitess://", "vitess://user:" + PASSWORD + "@");
    return List.of(
        "--source-uri",
        uri,
        "--source-table",
        table,
        "--dest-uri=duckdb:///shop.duckdb",
        "--dest-table=copied");
  }

  private void assertLoaded() throws Exception {
    try (Connection connection = vitess.connect(SHOP)) {
      assertThat(TableRows.ofDuckDb(folder.resolve("shop.duckdb"), "SELECT id, n FROM main.copied"))
          .hasSize(3)
          .isEqualTo(TableRows.ofVitess(connection, "SELECT id, n FROM " + table));
    }
  }

  private static boolean isRoot() throws IOException {
    return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
  }

  private static String arguments(Process process) throws IOException {
    return Files.readString(Path.of("/proc", Long.toString(process.pid()), "cmdline"))
        .replace('\0', ' ');
  }

  private void run(List<String> command) throws Exception {
    await(start(command));
  }

  private Process start(List<String> command) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("output").toFile());
    String path = builder.environment().get("PATH");
    builder.environment().clear();
    builder.environment().put("PATH", path);
    builder.environment().put("TMPDIR", folder.toString());
    return builder.start();
  }

  private void await(Process process) throws Exception {
    assertThat(process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)).as(output()).isTrue();
    assertThat(process.exitValue()).as(output()).isZero();
  }

  private String output() throws IOException {
    return Files.readString(folder.resolve("output"));
  }
}
