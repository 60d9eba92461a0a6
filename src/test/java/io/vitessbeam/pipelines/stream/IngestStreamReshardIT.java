package io.vitessbeam.pipelines.stream;

import static io.vitessbeam.testing.TestCluster.SHOP;
import static org.assertj.core.api.Assertions.assertThat;

import io.vitessbeam.testing.ClusterWriter;
import io.vitessbeam.testing.TableRows;
import io.vitessbeam.testing.TestCluster;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Shards of a real cluster are split and merged while a stream follows them, and while none does.
 */
@Tag("volume")
@Timeout(600)
class IngestStreamReshardIT {

  @TempDir private Path folder;

  @Test
  void nothingIsCopiedAgainWhenShardsAreSplitAndMerged() throws Exception {
    try (TestCluster cluster = TestCluster.own(0)) {
      String table = cluster.newTable("resharded");
      cluster.createSharded(SHOP, table, "id", "(id BIGINT PRIMARY KEY, n BIGINT)");
      AtomicLong nextId = new AtomicLong();
      List<String> flags =
          List.of(
              "--source-uri=" + cluster.cdcUriText(SHOP, TestCluster.PASSWORD),
              "--source-table=" + table,
              "--dest-uri=" + StreamPlace.DUCKDB.uri(folder),
              "--flush-interval=500ms");
      try (StreamProcess stream = StreamProcess.start(folder, flags);
          ClusterWriter writer = new ClusterWriter(cluster, SHOP, table, nextId)) {
        writer.awaitMore(200);
        awaitRows(table);
        cluster.reshard(SHOP, "-80,80-");
        writer.awaitMore(100);
        writer.stop();
        awaitSame(cluster, table, stream);
        assertThat(stream.stop())
            .contains("was resharded into -80, 80-")
            .doesNotContain("rows again");
      }
      try (ClusterWriter writer = new ClusterWriter(cluster, SHOP, table, nextId)) {
        cluster.switchToShards(SHOP, "-");
        writer.awaitMore(100);
      }
      try (StreamProcess stream = StreamProcess.start(folder, flags)) {
        awaitSame(cluster, table, stream);
        assertThat(stream.stop()).doesNotContain("rows again");
      }
    }
  }

  private void awaitRows(String table) throws InterruptedException {
    long deadline = System.nanoTime() + Duration.ofMinutes(2).toNanos();
    while (rows(table).size() < 50) {
      assertThat(System.nanoTime()).as("first rows").isLessThan(deadline);
      TimeUnit.MILLISECONDS.sleep(200);
    }
  }

  private List<String> rows(String table) {
    try {
      return StreamPlace.DUCKDB.rows(
          folder, "SELECT id, n FROM " + table + " WHERE NOT _cdc_deleted");
    } catch (SQLException e) {
      // Not there yet, or being written.
      return List.of();
    }
  }

  private void awaitSame(TestCluster cluster, String table, StreamProcess stream) throws Exception {
    List<String> expected;
    try (Connection connection = cluster.connect(SHOP)) {
      expected = TableRows.ofVitess(connection, "SELECT id, n FROM " + table);
    }
    assertThat(expected).hasSizeGreaterThan(100);
    long deadline = System.nanoTime() + Duration.ofMinutes(2).toNanos();
    while (!rows(table).equals(expected) && System.nanoTime() < deadline) {
      TimeUnit.MILLISECONDS.sleep(200);
    }
    assertThat(rows(table)).as(stream.output()).containsExactlyElementsOf(expected);
  }
}
