package io.vitessbeam.pipelines.stream;

import static io.vitessbeam.testing.TestCluster.SHOP;
import static org.assertj.core.api.Assertions.assertThat;

import io.vitessbeam.testing.TableRows;
import io.vitessbeam.testing.TestCluster;
import io.vitessbeam.testing.cluster.ClusterWriter;
import io.vitessbeam.testing.cluster.KeyspaceOperations;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A stream from a full cluster into a DuckDB file, under writes, of which something breaks time and
 * again; after each ten and at the end the file equals the cluster. For longer: {@code
 * benchmark/soak}.
 */
@Tag("volume")
class SoakIT {

  private static final Logger LOG = LoggerFactory.getLogger(SoakIT.class);
  private static final Duration LENGTH = Duration.ofSeconds(Long.getLong("soak.seconds", 150));
  private static final Duration EVERY = Duration.ofSeconds(Long.getLong("soak.every", 20));
  private static final boolean ALL = Boolean.getBoolean("soak.all");
  private static final int RATE = Integer.getInteger("soak.rate", 500);
  private static final long SEED = Long.getLong("soak.seed", 20261130);
  private static final int BREAKS_BETWEEN_LOOKS = 10;
  private static final Duration PATIENCE = Duration.ofMinutes(4);

  private enum Break {
    KILL_THE_STREAM,
    STOP_THE_STREAM,
    MAKE_ANOTHER_PRIMARY,
    KILL_THE_PRIMARY,
    KILL_MYSQLD,
    KILL_VTGATE,
    ALTER_A_TABLE,
    ALTER_A_TABLE_ONLINE,
    READ_THE_FILE,
    TRUNCATE_A_TABLE
  }

  /** What is broken in a short soak; the others take their time. */
  private static final List<Break> OFTEN =
      List.of(
          Break.KILL_THE_STREAM,
          Break.STOP_THE_STREAM,
          Break.MAKE_ANOTHER_PRIMARY,
          Break.KILL_MYSQLD,
          Break.ALTER_A_TABLE,
          Break.READ_THE_FILE,
          Break.TRUNCATE_A_TABLE);

  @TempDir private Path folder;

  private TestCluster cluster;
  private String table;
  private String small;
  private ClusterStream stream;
  private int altered;
  private long mostMemory;
  private final List<Break> left = new ArrayList<>();
  private final Map<Break, Integer> broken = new EnumMap<>(Break.class);

  @Test
  void theDestinationEqualsItsSourceAfterAllThatBreaks() throws Exception {
    try (TestCluster own = TestCluster.own(1)) {
      cluster = own;
      soak();
    } finally {
      if (stream != null) {
        stream.close();
      }
    }
  }

  private void soak() throws Exception {
    AtomicLong nextId = new AtomicLong();
    table = cluster.newTable("soaked");
    small = cluster.newTable("soaked_small");
    cluster.execute(
        SHOP,
        "CREATE TABLE " + table + " (id BIGINT PRIMARY KEY, n BIGINT)",
        "CREATE TABLE " + small + " (id BIGINT PRIMARY KEY, note VARCHAR(40))");
    stream = new ClusterStream(cluster, SHOP, folder, "--include-tables=" + table + "," + small);
    stream.start();
    stream.awaitFollowing();
    long changes = 0;
    long longest = 0;
    Random random = new Random(SEED);
    long end = System.nanoTime() + LENGTH.toNanos();
    while (System.nanoTime() < end) {
      try (ClusterWriter writer = new ClusterWriter(cluster, SHOP, table, nextId, RATE)) {
        writer.awaitMore(100);
        breakThings(writer, random, end);
        changes += writer.changes();
      }
      long stopped = System.nanoTime();
      stream.awaitSame(table);
      stream.awaitSame(small, "id, note");
      long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - stopped);
      longest = Math.max(longest, seconds);
      LOG.info(
          "The file equals the cluster {} s after the last of {} changes; the stream's process took"
              + " {} MiB at most; what was done: {}",
          seconds,
          changes,
          mostMemory,
          broken);
    }
    LOG.info("The file has equalled the cluster each time, after {} s at most", longest);
    stream.stop();
  }

  /** Breaks something a few times, so that a difference is seen soon after it comes to be. */
  private void breakThings(ClusterWriter writer, Random random, long end) throws Exception {
    for (int i = 0; i < BREAKS_BETWEEN_LOOKS && System.nanoTime() < end; i++) {
      if (left.isEmpty()) {
        left.addAll(ALL ? List.of(Break.values()) : OFTEN);
        Collections.shuffle(left, random);
      }
      long next = System.nanoTime() + EVERY.toNanos();
      Break now = left.remove(0);
      mostMemory = Math.max(mostMemory, stream.process().residentMebibytes());
      LOG.info(
          "{} changes, {} MiB; next {}",
          writer.changes(),
          stream.process().residentMebibytes(),
          now);
      breakOne(now, random);
      broken.merge(now, 1, Integer::sum);
      writeSmall(random);
      TimeUnit.NANOSECONDS.sleep(Math.max(0, next - System.nanoTime()));
      assertThat(stream.process().runs())
          .as("after %s: %s", now, stream.process().output())
          .isTrue();
    }
  }

  private void breakOne(Break what, Random random) throws Exception {
    switch (what) {
      case KILL_THE_STREAM -> {
        stream.process().kill();
        stream.start();
      }
      case STOP_THE_STREAM -> {
        stream.stop();
        stream.start();
      }
      case MAKE_ANOTHER_PRIMARY -> cluster.reparent(SHOP, "0");
      case KILL_MYSQLD -> {
        int primary = cluster.primary(SHOP);
        cluster.killMysqld(primary);
        cluster.startTablet(primary);
      }
      case KILL_THE_PRIMARY -> {
        int dead = cluster.killPrimary(SHOP);
        cluster.emergencyReparent(SHOP, "0");
        cluster.startTablet(dead);
      }
      case KILL_VTGATE -> {
        cluster.stopVtgate();
        cluster.startVtgate();
      }
      case ALTER_A_TABLE_ONLINE ->
          new KeyspaceOperations(cluster, SHOP).alterOnline(table, "ENGINE=InnoDB");
      case ALTER_A_TABLE -> {
        altered++;
        cluster.execute(
            SHOP,
            "ALTER TABLE " + small + " MODIFY note VARCHAR(" + (40 + altered) + ")",
            "ALTER TABLE " + table + " ADD COLUMN more_" + altered + " INT");
      }
      case READ_THE_FILE -> {
        Connection reader = open();
        try (reader) {
          TimeUnit.MILLISECONDS.sleep(2_000 + random.nextInt(3_000));
        }
      }
      case TRUNCATE_A_TABLE -> cluster.execute(SHOP, "TRUNCATE TABLE " + small);
    }
  }

  private Connection open() throws SQLException, InterruptedException {
    Path file = folder.resolve("stream.duckdb");
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try {
        return TableRows.open(file);
      } catch (SQLException e) {
        // It is being written, or not there yet.
        assertThat(System.nanoTime()).as(e.getMessage()).isLessThan(deadline);
        TimeUnit.MILLISECONDS.sleep(50);
      }
    }
  }

  private void writeSmall(Random random) throws SQLException {
    int id = random.nextInt(1_000);
    cluster.execute(
        SHOP,
        "REPLACE INTO " + small + " (id, note) VALUES (" + id + ", 'note " + id + "')",
        "DELETE FROM " + small + " WHERE id < " + random.nextInt(200));
  }
}
