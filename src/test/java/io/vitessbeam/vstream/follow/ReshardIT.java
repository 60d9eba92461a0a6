package io.vitessbeam.vstream.follow;

import static io.vitessbeam.testing.TestCluster.SHOP;
import static org.assertj.core.api.Assertions.assertThat;

import io.vitessbeam.Vgtid;
import io.vitessbeam.block.Block;
import io.vitessbeam.block.BlockReader;
import io.vitessbeam.block.RowKind;
import io.vitessbeam.block.RowMarks;
import io.vitessbeam.connect.VitessCdcUri;
import io.vitessbeam.schema.TableName;
import io.vitessbeam.schema.TableSchema;
import io.vitessbeam.schema.discovery.SchemaDiscovery;
import io.vitessbeam.testing.TestCluster;
import io.vitessbeam.testing.cluster.ClusterWriter;
import io.vitessbeam.vstream.position.ExecutedGtids;
import io.vitessbeam.vstream.position.GtidSet;
import io.vitessbeam.vstream.position.NewColumns;
import io.vitessbeam.vstream.position.ShardStream;
import io.vitessbeam.vstream.position.StreamPosition;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Shards of a real cluster are split and merged under writes; nothing is lost, nothing twice. */
@Timeout(400)
class ReshardIT {

  /** Follows streams in turn, and applies what they give to a table of its own. */
  private static final class Follower implements AutoCloseable {

    private final List<ShardReader> open = new ArrayList<>();
    private final Map<ShardReader, String> shards = new HashMap<>();
    private final List<StreamEnd> ends = new ArrayList<>();
    private final Map<Long, Long> table = new TreeMap<>();
    private final Map<Long, Integer> inserts = new HashMap<>();
    private final Map<Long, String> orders = new HashMap<>();

    void follow(TestCluster cluster, TableSchema schema, Vgtid from) {
      for (String shard : from.shardNames()) {
        StreamPosition start = StreamPosition.at(from.gtid(shard));
        ShardStream stream =
            new ShardStream(
                SHOP,
                shard,
                1,
                1,
                open.size(),
                from.shardNames().size(),
                start,
                "",
                List.of(new ShardStream.Table(schema, "")),
                false,
                Duration.ofMinutes(2),
                NewColumns.TAKE,
                true);
        VitessCdcUri source = VitessCdcUri.parse(cluster.cdcUriText(SHOP, TestCluster.PASSWORD));
        ShardReader reader = new ShardReader(source, stream, start, ReaderLimits.oneOf(4));
        open.add(reader);
        shards.put(reader, shard);
      }
    }

    /** Takes items until all is there that the shards have executed now. */
    void catchUp(TestCluster cluster) throws InterruptedException {
      Vgtid goal = ExecutedGtids.read(cluster.uri(SHOP));
      long deadline = System.nanoTime() + Duration.ofMinutes(2).toNanos();
      while (!isAt(goal)) {
        assertThat(System.nanoTime()).as("%s by %s", position(), goal).isLessThan(deadline);
        takeAll();
      }
    }

    private void takeAll() throws InterruptedException {
      for (ShardReader reader : List.copyOf(open)) {
        ShardReader.Item item = reader.poll(Duration.ofMillis(20));
        if (item != null) {
          item.blocks().forEach(block -> apply(block, item.after()));
          if (item.end() != null) {
            ends.add(item.end());
            open.remove(reader);
            reader.close();
          }
        }
      }
    }

    Map<String, String> position() {
      Map<String, String> position = new TreeMap<>();
      open.forEach(
          reader ->
              reader.position().shards(shards.get(reader)).stream()
                  .forEach(shard -> position.put(shard.shard(), shard.gtid())));
      return position;
    }

    private boolean isAt(Vgtid goal) {
      Map<String, String> position = position();
      return position.keySet().equals(Map.copyOf(asMap(goal)).keySet())
          && goal.shardNames().stream()
              .allMatch(
                  shard ->
                      GtidSet.parse(position.get(shard)).contains(GtidSet.parse(goal.gtid(shard))));
    }

    private static Map<String, String> asMap(Vgtid vgtid) {
      Map<String, String> map = new TreeMap<>();
      vgtid.shards().forEach(shard -> map.put(shard.shard(), shard.gtid()));
      return map;
    }

    /** What happened in the new shard may come before the last of what happened in the old. */
    private void apply(Block block, StreamPosition after) {
      BlockReader reader = new BlockReader(block);
      RowMarks marks = block.marks();
      long since = after.sinceMillis(block.origin().shard());
      for (int row = 0; reader.nextRow(); row++) {
        long id = number(reader, 0);
        if (marks.kind(row) == RowKind.INSERT) {
          inserts.merge(id, 1, Integer::sum);
        }
        String order = "%020d.%020d.%010d".formatted(since, marks.rank(row), marks.number(row));
        if (order.compareTo(orders.getOrDefault(id, "")) > 0) {
          orders.put(id, order);
          if (marks.kind(row) == RowKind.DELETE) {
            table.remove(id);
          } else {
            table.put(id, number(reader, 1));
          }
        }
      }
    }

    private static long number(BlockReader reader, int column) {
      return Long.parseLong(new String(reader.value(column), StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
      open.forEach(ShardReader::close);
    }
  }

  @Test
  void shardsAreSplitAndMerged() throws Exception {
    try (TestCluster cluster = TestCluster.own(0)) {
      String table = cluster.newTable("resharded");
      cluster.createSharded(SHOP, table, "id", "(id BIGINT PRIMARY KEY, n BIGINT)");
      AtomicLong nextId = new AtomicLong();
      Map<Long, Long> rows = split(cluster, table, nextId);
      merge(cluster, table, nextId, rows);
    }
  }

  /** While it is followed; the old shard is gone at the end. */
  private static Map<Long, Long> split(TestCluster cluster, String table, AtomicLong nextId)
      throws Exception {
    try (Follower follower = new Follower()) {
      follower.follow(cluster, schema(cluster, table), ExecutedGtids.read(cluster.uri(SHOP)));
      whileWriting(cluster, table, nextId, () -> cluster.reshard(SHOP, "-80,80-"));
      follower.catchUp(cluster);
      requireSame(cluster, table, follower);
      assertThat(follower.position()).containsOnlyKeys("-80", "80-");
      assertThat(follower.ends).isEmpty();
      return follower.table;
    }
  }

  /** While nobody follows: two streams go on, one of which takes the new shard. */
  private static void merge(
      TestCluster cluster, String table, AtomicLong nextId, Map<Long, Long> rows) throws Exception {
    Vgtid halves = ExecutedGtids.read(cluster.uri(SHOP));
    whileWriting(cluster, table, nextId, () -> cluster.switchToShards(SHOP, "-"));
    try (Follower follower = new Follower()) {
      follower.table.putAll(rows);
      follower.follow(cluster, schema(cluster, table), halves);
      follower.catchUp(cluster);
      requireSame(cluster, table, follower);
      assertThat(follower.position()).containsOnlyKeys("-");
      assertThat(follower.ends).extracting(StreamEnd::shard).containsExactly("80-");

      whileWriting(cluster, table, nextId, () -> cluster.reshard(SHOP, "-"));
      follower.catchUp(cluster);
      requireSame(cluster, table, follower);
    }
  }

  /** Rows are written before, meanwhile and afterwards. */
  private static void whileWriting(
      TestCluster cluster, String table, AtomicLong nextId, Runnable change) throws Exception {
    try (ClusterWriter writer = new ClusterWriter(cluster, SHOP, table, nextId)) {
      writer.awaitMore(100);
      change.run();
      writer.awaitMore(50);
    }
  }

  private static TableSchema schema(TestCluster cluster, String table) throws SQLException {
    try (Connection connection = cluster.connect(SHOP)) {
      return new SchemaDiscovery(connection)
          .table(new TableName(SHOP, table))
          .orElseThrow()
          .schema();
    }
  }

  private static void requireSame(TestCluster cluster, String table, Follower follower)
      throws SQLException {
    Map<Long, Long> rows = new TreeMap<>();
    try (Connection connection = cluster.connect(SHOP);
        Statement statement = connection.createStatement();
        ResultSet found = statement.executeQuery("SELECT id, n FROM " + table + " LIMIT 10000")) {
      while (found.next()) {
        rows.put(found.getLong(1), found.getLong(2));
      }
    }
    assertThat(rows).hasSizeGreaterThan(100);
    assertThat(follower.table).isEqualTo(rows);
    assertThat(follower.inserts.values()).as("how often each row was inserted").containsOnly(1);
  }
}
