package io.vitessbeam.pipelines.flink;

import static io.vitessbeam.testing.TestVitess.SHOP;
import static org.assertj.core.api.Assertions.assertThat;

import io.vitessbeam.pipelines.flink.FlinkSession.Client;
import io.vitessbeam.testing.TestVitess;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.duckdb.DuckDBDriver;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A session cluster of Flink takes jobs one after the other and side by side, and the client tells
 * what became of each.
 */
class FlinkClusterIT {

  private static final TestVitess VITESS = TestVitess.shared();
  private static final Pattern JOB = Pattern.compile("job ([0-9a-f]{32}) runs on");

  @TempDir private static Path folder;

  private static FlinkSession session;

  @BeforeAll
  static void up() throws IOException, InterruptedException {
    session = FlinkSession.start(folder, "--taskmanagers=2");
  }

  @AfterAll
  static void down() throws IOException, InterruptedException {
    session.stop();
  }

  @Test
  void allTaskManagersTakePart() throws IOException {
    assertThat(session.rest("overview").get("taskmanagers").asInt()).isEqualTo(2);
  }

  /** Each has a class loader of its own, with drivers and native libraries of its own. */
  @Test
  void jobsRunSideBySideAndTheNextOnesFollowWhatTheyCopied() throws Exception {
    Followed one = Followed.of(VITESS.newTable("session"));
    Followed two = Followed.of(VITESS.newTable("session"));

    Client copyOne = session.submit(one.flags());
    Client copyTwo = session.submit(two.flags());
    assertThat(copyOne.requireSuccess()).contains("copied 2 rows");
    assertThat(copyTwo.requireSuccess()).contains("copied 2 rows");

    one.change();
    assertThat(session.submit(one.flags()).requireSuccess())
        .contains("1 inserted, 1 updated, 0 deleted");
    assertThat(one.rows()).containsExactly("1|one", "2|zwei", "3|three");
    assertThat(two.rows()).containsExactly("1|one", "2|two");
  }

  @Test
  void aDetachedJobIsLeftToTheCluster() throws Exception {
    Followed left = Followed.of(VITESS.newTable("session"));

    String output = session.submit(left.flags("--detached")).requireSuccess();

    assertThat(output).contains("curl -X PATCH http://" + session.master() + "/jobs/");
    session.awaitState(job(output), "FINISHED");
    assertThat(left.rows()).containsExactly("1|one", "2|two");
  }

  @Test
  @Tag("volume")
  void flinksOwnClientTakesOneJar() throws Exception {
    Followed followed = Followed.of(VITESS.newTable("session"));
    String jar = folder.resolve("vitess-beam.jar").toString();
    session.cluster(List.of("jar", jar)).requireSuccess();

    List<String> run = new ArrayList<>(List.of("run", jar));
    run.addAll(List.of(followed.flags()));
    assertThat(session.cluster(run).requireSuccess()).contains("copied 2 rows");
    followed.change();
    run.add(1, "--detached");
    String left = session.cluster(run).requireSuccess();

    session.awaitState(job(left), "FINISHED");
    assertThat(followed.rows()).containsExactly("1|one", "2|zwei", "3|three");
  }

  private static String job(String output) {
    Matcher job = JOB.matcher(output);
    assertThat(job.find()).as(output).isTrue();
    return job.group(1);
  }

  @Test
  void theReasonOfAFailedJobIsToldInOneLine() throws Exception {
    String table = VITESS.newTable("session");
    VITESS.execute(SHOP, "CREATE TABLE " + table + " (id INT PRIMARY KEY)");

    Client failed =
        session.submit(
            "--source-uri=" + VITESS.uriText(SHOP),
            "--source-table=" + table,
            "--dest-uri=duckdb:///" + folder.resolve("no/such/folder.duckdb"));

    assertThat(failed.status()).isEqualTo(1);
    assertThat(failed.output().lines())
        .filteredOn(line -> !line.startsWith("{"))
        .singleElement()
        .asString()
        .startsWith("ingest: The DuckDB file ")
        .contains("its directory doesn't exist");
  }

  /** A table of two rows, and the file that it is followed into. */
  private record Followed(String table, Path file) {

    static Followed of(String table) throws SQLException {
      VITESS.execute(
          SHOP,
          "CREATE TABLE " + table + " (id INT PRIMARY KEY, v VARCHAR(9))",
          "INSERT INTO " + table + " VALUES (1, 'one'), (2, 'two')");
      return new Followed(table, folder.resolve(table + ".duckdb"));
    }

    void change() throws SQLException {
      VITESS.execute(
          SHOP,
          "UPDATE " + table + " SET v = 'zwei' WHERE id = 2",
          "INSERT INTO " + table + " VALUES (3, 'three')");
    }

    String[] flags(String... more) {
      List<String> flags = new ArrayList<>(List.of(more));
      String uri = VITESS.uriText(SHOP).replaceFirst("^vitess:", "vitess+cdc:");
      flags.add("--source-uri=" + uri + "?grpc_port=" + VITESS.grpcPort());
      flags.add("--source-table=" + table);
      flags.add("--dest-uri=duckdb:///" + file);
      return flags.toArray(String[]::new);
    }

    List<String> rows() throws SQLException {
      List<String> rows = new ArrayList<>();
      try (var connection = new DuckDBDriver().connect("jdbc:duckdb:" + file, new Properties());
          var statement = connection.createStatement();
          var result = statement.executeQuery("SELECT id, v FROM " + table + " ORDER BY id")) {
        while (result.next()) {
          rows.add(result.getString(1) + "|" + result.getString(2));
        }
      }
      return rows;
    }
  }
}
