package io.vitessbeam.pipelines;

import static io.vitessbeam.testing.TestVitess.SHOP;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.vitessbeam.testing.TestVitess;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A session cluster of Flink takes one job after the other, each with a class loader of its own,
 * and the client tells what became of each.
 */
class FlinkClusterIT {

  private static final TestVitess VITESS = TestVitess.shared();

  @TempDir private static Path folder;

  private static int port;

  @BeforeAll
  static void up() throws IOException, InterruptedException {
    port = freePorts();
    cluster("up");
  }

  @AfterAll
  static void down() throws IOException, InterruptedException {
    cluster("down");
  }

  @Test
  void theSecondJobOfASessionFollowsWhatTheFirstOneCopied() throws Exception {
    String table = VITESS.newTable("session");
    Path file = folder.resolve("followed.duckdb");
    VITESS.execute(
        SHOP,
        "CREATE TABLE " + table + " (id INT PRIMARY KEY, v VARCHAR(9))",
        "INSERT INTO " + table + " VALUES (1, 'one'), (2, 'two')");
    Submitted copied = submit(followed(table, file));
    VITESS.execute(
        SHOP,
        "UPDATE " + table + " SET v = 'zwei' WHERE id = 2",
        "INSERT INTO " + table + " VALUES (3, 'three')");
    Submitted followed = submit(followed(table, file));

    assertThat(copied.status()).as(copied.output()).isZero();
    assertThat(followed.status()).as(followed.output()).isZero();
    assertThat(rows(file, table)).containsExactly("1|one", "2|zwei", "3|three");
  }

  @Test
  void theReasonOfAFailedJobIsToldInOneLine() throws Exception {
    String table = VITESS.newTable("session");
    VITESS.execute(SHOP, "CREATE TABLE " + table + " (id INT PRIMARY KEY)");

    Submitted failed =
        submit(
            "--source-uri=" + VITESS.uriText(SHOP),
            "--source-table=" + table,
            "--dest-uri=duckdb:///" + folder.resolve("no/such/folder.duckdb"));

    assertThat(failed.status()).isEqualTo(1);
    assertThat(failed.output().lines())
        .filteredOn(line -> !line.contains("no rows yet"))
        .singleElement()
        .asString()
        .startsWith("ingest: The DuckDB file ")
        .contains("its directory doesn't exist");
  }

  private static String[] followed(String table, Path file) {
    String uri = VITESS.uriText(SHOP).replaceFirst("^vitess:", "vitess+cdc:");
    return new String[] {
      "--source-uri=" + uri + "?grpc_port=" + VITESS.grpcPort(),
      "--source-table=" + table,
      "--dest-uri=duckdb:///" + file
    };
  }

  private static List<String> rows(Path file, String table) throws Exception {
    List<String> rows = new ArrayList<>();
    try (var connection =
            new org.duckdb.DuckDBDriver()
                .connect("jdbc:duckdb:" + file, new java.util.Properties());
        var statement = connection.createStatement();
        var result = statement.executeQuery("SELECT id, v FROM " + table + " ORDER BY id")) {
      while (result.next()) {
        rows.add(result.getString(1) + "|" + result.getString(2));
      }
    }
    return rows;
  }

  private record Submitted(int status, String output) {}

  private static Submitted submit(String... flags) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("pipelines/ingest"));
    command.addAll(List.of(flags));
    command.addAll(
        List.of("--runner=FlinkRunner", "--flinkMaster=localhost:" + port, "--progress=log"));
    Path output = Files.createTempFile(folder, "output", "");
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    return new Submitted(process.waitFor(), Files.readString(output));
  }

  private static void cluster(String action) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder("runners/flink/cluster", action);
    builder.environment().put("FLINK_CLUSTER_DIR", folder.resolve("flink").toString());
    builder.environment().put("FLINK_REST_PORT", String.valueOf(port));
    Process process = builder.redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
  }

  /** One of which the next is free as well: the cluster's RPC port. */
  private static int freePorts() throws IOException {
    while (true) {
      try (ServerSocket first = new ServerSocket(0);
          ServerSocket second = new ServerSocket(first.getLocalPort() + 1)) {
        return second.getLocalPort() - 1;
      } catch (java.net.BindException e) {
        // The next one is taken.
      }
    }
  }
}
