package io.vitessbeam.pipelines.flink;

import static io.vitessbeam.testing.TestVitess.SHOP;
import static org.assertj.core.api.Assertions.assertThat;

import io.vitessbeam.pipelines.flink.FlinkSession.Client;
import io.vitessbeam.testing.TestVitess;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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

  @TempDir private static Path folder;

  private static FlinkSession session;

  @BeforeAll
  static void up() throws IOException, InterruptedException {
    session = FlinkSession.start(folder, "--taskmanagers=2");
  }

  @AfterAll
  static void down() throws IOException, InterruptedException {
    session.down();
  }

  @Test
  void allTaskManagersTakePart() throws IOException {
    assertThat(session.rest("overview").get("taskmanagers").asInt()).isEqualTo(2);
  }

  /** Each has a class loader of its own, with drivers and native libraries of its own. */
  @Test
  void jobsRunSideBySideAndTheNextOnesFollowWhatTheyCopied() throws Exception {
    Followed one = Followed.of(folder);
    Followed two = Followed.of(folder);

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
    Followed left = Followed.of(folder);

    String output = session.submit(left.flags("--detached")).requireSuccess();

    assertThat(output).contains("curl -X PATCH http://" + session.master() + "/jobs/");
    session.awaitState(FlinkSession.job(output), "FINISHED");
    assertThat(left.rows()).containsExactly("1|one", "2|two");
  }

  @Test
  @Tag("volume")
  void flinksOwnClientTakesOneJar() throws Exception {
    Followed followed = Followed.of(folder);
    String jar = folder.resolve("vitess-beam.jar").toString();
    session.cluster(List.of("jar", jar)).requireSuccess();

    List<String> run = new ArrayList<>(List.of("run", jar));
    run.addAll(List.of(followed.flags()));
    assertThat(session.cluster(run).requireSuccess()).contains("copied 2 rows");
    followed.change();
    run.add(1, "--detached");
    String left = session.cluster(run).requireSuccess();

    session.awaitState(FlinkSession.job(left), "FINISHED");
    assertThat(followed.rows()).containsExactly("1|one", "2|zwei", "3|three");
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
}
