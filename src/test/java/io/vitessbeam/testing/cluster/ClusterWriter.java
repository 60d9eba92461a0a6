package io.vitessbeam.testing.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitessbeam.testing.TestCluster;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Inserts, changes and deletes rows of a table {@code (id, n)} of a cluster, through all that is
 * done to it.
 */
public final class ClusterWriter implements AutoCloseable {

  private final TestCluster cluster;
  private final String keyspace;
  private final String table;
  private final AtomicLong nextId;
  private final long nanosPerChange;
  private final AtomicLong changes = new AtomicLong();
  private final AtomicBoolean ends = new AtomicBoolean();
  private final CompletableFuture<Void> ended;

  /** Begins to write about 500 changes a second, or as many as the cluster takes. */
  public ClusterWriter(TestCluster cluster, String keyspace, String table, AtomicLong nextId) {
    this(cluster, keyspace, table, nextId, 500);
  }

  /**
   * Begins to write.
   *
   * @param nextId where the keys go on
   * @param changesPerSecond at most
   */
  public ClusterWriter(
      TestCluster cluster, String keyspace, String table, AtomicLong nextId, int changesPerSecond) {
    this.cluster = cluster;
    this.keyspace = keyspace;
    this.table = table;
    this.nextId = nextId;
    this.nanosPerChange = TimeUnit.SECONDS.toNanos(1) / changesPerSecond;
    this.ended =
        CompletableFuture.runAsync(
            () -> {
              while (!ends.get()) {
                write();
              }
            });
  }

  /** While a shard has no primary, statements fail; whether they did something is seen later. */
  private void write() {
    try (Connection connection = cluster.connect(keyspace);
        Statement statement = connection.createStatement()) {
      long due = System.nanoTime();
      while (!ends.get()) {
        long id = nextId.incrementAndGet();
        int rows =
            statement.executeUpdate("INSERT INTO %s (id, n) VALUES (%d, 0)".formatted(table, id))
                + statement.executeUpdate(
                    "UPDATE %s SET n = n + 1 WHERE id = %d".formatted(table, id / 2));
        if (id % 7 == 0) {
          rows += statement.executeUpdate("DELETE FROM %s WHERE id = %d".formatted(table, id / 3));
        }
        changes.addAndGet(rows);
        due += rows * nanosPerChange;
        TimeUnit.NANOSECONDS.sleep(due - System.nanoTime());
      }
    } catch (SQLException e) {
      // The next session.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Waits until so many more rows were written. */
  public void awaitMore(long rows) throws InterruptedException {
    long goal = nextId.get() + rows;
    long deadline = System.nanoTime() + Duration.ofMinutes(2).toNanos();
    while (nextId.get() < goal) {
      assertThat(System.nanoTime()).as("rows that can be written").isLessThan(deadline);
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  /** How many rows were inserted, changed and deleted so far. */
  public long changes() {
    return changes.get();
  }

  /** Writes no more. */
  public void stop() {
    ends.set(true);
    ended.join();
  }

  @Override
  public void close() {
    stop();
  }
}
