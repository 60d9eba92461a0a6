package io.vitessbeam.pipelines.stream;

import static io.vitessbeam.testing.TestCluster.SHOP;
import static org.assertj.core.api.Assertions.assertThat;

import io.vitessbeam.testing.TestCluster;
import io.vitessbeam.testing.cluster.ClusterWriter;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
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

  private final AtomicLong nextId = new AtomicLong();
  private TestCluster cluster;
  private String table;
  private ClusterStream stream;

  @AfterEach
  void end() {
    if (stream != null) {
      stream.close();
    }
    cluster.close();
  }

  private ClusterWriter writer() {
    return new ClusterWriter(cluster, SHOP, table, nextId);
  }

  /** Begins to follow a table that is written to. */
  private ClusterWriter follow() throws Exception {
    table = cluster.newTable("resharded");
    cluster.createSharded(SHOP, table, "id", "(id BIGINT PRIMARY KEY, n BIGINT)");
    stream = new ClusterStream(cluster, SHOP, folder, "--source-table=" + table);
    ClusterWriter writer = writer();
    writer.awaitMore(200);
    stream.start();
    stream.awaitFollowing();
    return writer;
  }

  @Test
  void nothingIsCopiedAgainWhenShardsAreSplitAndMerged() throws Exception {
    cluster = TestCluster.own(0);
    try (ClusterWriter writer = follow()) {
      cluster.reshard(SHOP, "-80,80-");
      writer.awaitMore(100);
      writer.stop();
      stream.awaitSame(table);
      assertThat(stream.stop())
          .contains("was resharded into -80, 80-")
          .doesNotContain("rows again");
    }
    try (ClusterWriter writer = writer()) {
      cluster.switchToShards(SHOP, "-");
      writer.awaitMore(100);
    }
    stream.start();
    stream.awaitSame(table);
    assertThat(stream.stop()).doesNotContain("rows again");
  }

  /** The old shards are gone when each of them was split. */
  @Test
  void severalShardsAreSplitAtOnce() throws Exception {
    cluster = TestCluster.ownSharded();
    try (ClusterWriter writer = follow()) {
      cluster.reshard(SHOP, "-40,40-80,80-c0,c0-");
      writer.awaitMore(100);
      writer.stop();
      stream.awaitSame(table);
      assertThat(stream.stop()).contains("was resharded into ").doesNotContain("rows again");
    }
    try (ClusterWriter writer = writer()) {
      writer.awaitMore(100);
    }
    stream.start();
    stream.awaitSame(table);
    assertThat(stream.stop()).doesNotContain("rows again");
  }
}
