package io.vitessbeam.pipelines.stream;

import static io.vitessbeam.testing.TestCluster.SHOP;
import static org.assertj.core.api.Assertions.assertThat;

import io.vitessbeam.testing.TestCluster;
import io.vitessbeam.testing.cluster.ClusterWriter;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Servers of a real cluster die while a stream follows them, and while others write. */
@Tag("volume")
@Timeout(400)
class IngestStreamOutagesIT {

  /** For how long a shard has no primary; two minutes by hand. */
  private static final long OUTAGE_SECONDS = Long.getLong("outage.seconds", 20);

  private static TestCluster cluster;

  @TempDir private Path folder;

  private final AtomicLong nextId = new AtomicLong();
  private String table;
  private ClusterStream stream;

  @BeforeAll
  static void startCluster() {
    cluster = TestCluster.own(1);
  }

  @AfterAll
  static void endCluster() {
    cluster.close();
  }

  @BeforeEach
  void createTable() throws SQLException {
    table = cluster.newTable("outage");
    cluster.execute(SHOP, "CREATE TABLE " + table + " (id BIGINT PRIMARY KEY, n BIGINT)");
    stream = new ClusterStream(cluster, SHOP, folder, "--include-tables=" + table);
  }

  @AfterEach
  void endStream() {
    if (stream != null) {
      stream.close();
    }
  }

  private ClusterWriter writer() {
    return new ClusterWriter(cluster, SHOP, table, nextId);
  }

  /** Begins to follow a table that is written to. */
  private ClusterWriter follow() throws Exception {
    ClusterWriter writer = writer();
    writer.awaitMore(50);
    stream.start();
    stream.awaitFollowing();
    return writer;
  }

  private void assertFollowed(ClusterWriter writer) throws Exception {
    writer.awaitMore(100);
    writer.stop();
    stream.awaitSame(table);
    assertThat(stream.stop()).doesNotContain("rows again", "beginning again");
  }

  @Test
  void aReplicaTakesThePlaceOfAPrimaryThatIsDead() throws Exception {
    try (ClusterWriter writer = follow()) {
      int dead = cluster.killPrimary(SHOP);
      try {
        cluster.emergencyReparent(SHOP, "0");
        assertFollowed(writer);
      } finally {
        cluster.startTablet(dead);
      }
    }
  }

  @Test
  void aVtgateThatIsStartedAgainIsReadOn() throws Exception {
    try (ClusterWriter writer = follow()) {
      cluster.stopVtgate();
      TimeUnit.SECONDS.sleep(5);
      cluster.startVtgate();
      assertFollowed(writer);
    }
  }

  @Test
  void aShardWithoutAPrimaryIsWaitedForAndWhyIsShown() throws Exception {
    try (ClusterWriter writer = follow()) {
      long began = System.nanoTime();
      int primary = cluster.primary(SHOP);
      cluster.killMysqld(primary);
      try {
        stream.awaitStatus(
            "the reason", status -> status.at("/shards/0/waits").asText().contains("primary"));
        TimeUnit.NANOSECONDS.sleep(
            TimeUnit.SECONDS.toNanos(OUTAGE_SECONDS) - (System.nanoTime() - began));
      } finally {
        cluster.startTablet(primary);
      }
      writer.awaitMore(1);
      stream.awaitStatus("no reason", status -> status.at("/shards/0/waits").asText().isEmpty());
      assertFollowed(writer);
    }
  }

  @Test
  void aTableWhoseLogsWerePurgedWhileNobodyReadIsSaidToNeedACopy() throws Exception {
    follow().stop();
    stream.awaitSame(table);
    stream.stop();
    try (ClusterWriter writer = writer()) {
      writer.awaitMore(100);
    }
    cluster.purgeLogs(SHOP);

    stream.start();
    assertThat(stream.process().exitCode()).isEqualTo(1);
    assertThat(stream.process().output())
        .contains("is from before binary logs that were purged since", "--full-refresh");

    stream.refresh();
    stream.start();
    stream.awaitFollowing();
    stream.awaitSame(table);
    stream.stop();
  }
}
