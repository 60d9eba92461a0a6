package io.vitessbeam.pipelines.stream;

import static io.vitessbeam.testing.TestCluster.SHOP;
import static org.assertj.core.api.Assertions.assertThat;

import io.vitessbeam.testing.TestCluster;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A source loses what it had committed, and what a stream has brought of it. */
@Tag("volume")
@Timeout(400)
class IngestStreamLossIT {

  @TempDir private Path folder;

  /** A cluster of its own: Vitess doesn't let the old primary come back with what it has more. */
  @Test
  void aFailoverThatLosesTransactionsIsSaidToNeedACopy() throws Exception {
    try (TestCluster cluster = TestCluster.own(1)) {
      String table = cluster.newTable("lost");
      cluster.execute(
          SHOP,
          "CREATE TABLE " + table + " (id BIGINT PRIMARY KEY, n BIGINT)",
          "INSERT INTO " + table + " VALUES (1, 0), (2, 0)");
      try (ClusterStream stream =
          new ClusterStream(cluster, SHOP, folder, "--include-tables=" + table)) {
        stream.start();
        stream.awaitSame(table);
        cluster.stopReplication(SHOP);
        cluster.execute(SHOP, "INSERT INTO " + table + " VALUES (3, 0)");
        stream.awaitSame(table);

        cluster.stopTablet(cluster.primary(SHOP));
        cluster.emergencyReparent(SHOP, "0");
        cluster.execute(SHOP, "INSERT INTO " + table + " VALUES (4, 0)");
        assertThat(stream.process().exitCode()).isEqualTo(1);
        assertThat(stream.process().output())
            .contains("a failover lost transactions", "--full-refresh");

        stream.refresh();
        stream.start();
        stream.awaitFollowing();
        stream.awaitSame(table);
        stream.stop();
      }
    }
  }
}
