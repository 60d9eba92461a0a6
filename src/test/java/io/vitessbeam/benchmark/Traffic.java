package io.vitessbeam.benchmark;

import io.vitessbeam.connect.VitessUri;
import io.vitessbeam.connect.Vtgate;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Writes to an {@link EventsTable} without an end: transactions of 30 updates, 10 inserts at its
 * end, 10 deletes at its begin and a row of the table {@code beats}, which has a number and the
 * time, in microseconds since 1970, just before the COMMIT. The server makes the rows, so that a
 * transaction takes little time here.
 */
final class Traffic {

  static final String BEATS = "beats";

  /** Of a transaction, those of the events. */
  static final int EVENTS = 50;

  /** Of a transaction, all. */
  static final int CHANGES = EVENTS + 1;

  private static final int HOT_UPDATES = 10;
  private static final int OTHER_UPDATES = 20;
  private static final int INSERTS = 10;
  private static final int DELETES = 10;
  private static final int THREADS = 4;

  /** Threads are never so many transactions apart: no update meets a row of another. */
  private static final int APART = 500;

  private static final long MOST_LATE_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** A prime: its multiples modulo a smaller number visit every row once. */
  private static final long STRIDE = 1_000_000_007;

  private final VitessUri uri;
  private final EventsTable table;
  private final long rows;
  private final AtomicLong begun = new AtomicLong();
  private final AtomicLong written = new AtomicLong();

  /**
   * @param rows of the table, 50,000 at least; it keeps as many
   */
  Traffic(VitessUri uri, EventsTable table, long rows) {
    if (rows < 50_000) {
      throw new IllegalArgumentException(rows + " rows are too few");
    }
    this.uri = uri;
    this.table = table;
    this.rows = rows;
  }

  /** Makes both tables anew. */
  void createTables() throws SQLException {
    table.create(rows);
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute("DROP TABLE IF EXISTS " + BEATS);
      statement.execute(
          "CREATE TABLE " + BEATS + " (id BIGINT NOT NULL PRIMARY KEY, written BIGINT NOT NULL)");
    }
  }

  /** Of the events. */
  String table() {
    return table.name();
  }

  /** What the events are now. */
  Contents contents() throws SQLException {
    return Contents.ofSource(uri, table.name());
  }

  /** Transactions that are committed. */
  long written() {
    return written.get();
  }

  /** Writes on a thread of its own, until it is closed. */
  final class Steady implements AutoCloseable {

    private final ExecutorService thread = Executors.newSingleThreadExecutor();
    private final AtomicBoolean stopped = new AtomicBoolean();
    private final Future<?> writing;

    /**
     * @param perSecond changes
     */
    Steady(double perSecond) {
      long stepNanos = (long) (1e9 * CHANGES / perSecond);
      this.writing =
          thread.submit(
              () -> {
                write(stepNanos);
                return null;
              });
    }

    private void write(long stepNanos) throws SQLException, InterruptedException {
      try (Connection connection = connect();
          Statement statement = connection.createStatement()) {
        connection.setAutoCommit(false);
        long due = System.nanoTime();
        while (!stopped.get()) {
          long now = System.nanoTime();
          if (due > now) {
            TimeUnit.NANOSECONDS.sleep(due - now);
          }
          // What a slow server made late is made up for, if it isn't too much.
          due = Math.max(due, now - MOST_LATE_NANOS) + stepNanos;
          transaction(connection, statement, begun.getAndIncrement());
        }
      }
    }

    @Override
    public void close() throws ExecutionException {
      stopped.set(true);
      thread.shutdown();
      try {
        writing.get();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Writes as fast as the server takes it, for a time. */
  void pile(Duration time) throws InterruptedException, ExecutionException {
    long end = System.nanoTime() + time.toNanos();
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      List<Future<?>> parts = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        parts.add(
            threads.submit(
                () -> {
                  pile(end);
                  return null;
                }));
      }
      for (Future<?> part : parts) {
        part.get();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private void pile(long end) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      while (System.nanoTime() < end) {
        transaction(connection, statement, begun.getAndIncrement());
      }
    }
  }

  private Connection connect() {
    Vtgate vtgate = new Vtgate(uri);
    return vtgate.lookUp(vtgate.shards().get(0));
  }

  private void transaction(Connection connection, Statement statement, long n) throws SQLException {
    EventChanges.run(statement, update(n), HOT_UPDATES + OTHER_UPDATES);
    EventChanges.run(statement, insert(n), INSERTS);
    EventChanges.run(statement, delete(n), DELETES);
    long micros = Latencies.nowMicros();
    EventChanges.run(statement, "INSERT INTO " + BEATS + " VALUES (" + n + ", " + micros + ")", 1);
    connection.commit();
    written.incrementAndGet();
  }

  /** One statement, so that transactions lock their rows in one order and none is a deadlock. */
  private String update(long n) {
    long first = (n + APART) * DELETES + 1;
    long kept = rows - 2L * APART * DELETES;
    long hot = kept / 100;
    StringJoiner ids = new StringJoiner(",", " WHERE id IN (", ")");
    for (long i = n * HOT_UPDATES; i < (n + 1) * HOT_UPDATES; i++) {
      ids.add(String.valueOf(first + i * STRIDE % hot));
    }
    for (long i = n * OTHER_UPDATES; i < (n + 1) * OTHER_UPDATES; i++) {
      ids.add(String.valueOf(first + hot + i * STRIDE % (kept - hot)));
    }
    return "UPDATE "
        + table.name()
        + " SET amount = amount + 0.01, score = score + 1, quantity = "
        + n
        + ", note = CONCAT('changed by ', "
        + n
        + ", ' ', LEFT(MD5(note), id % 32))"
        + ids;
  }

  private String insert(long n) {
    return table.insert(
        "SELECT " + (rows + n * INSERTS) + " + n + 1 AS id FROM numbers WHERE n < " + INSERTS);
  }

  private static String range(long n) {
    return n * DELETES + 1 + " AND " + (n + 1) * DELETES;
  }

  private String delete(long n) {
    return "DELETE FROM " + table.name() + " WHERE id BETWEEN " + range(n);
  }
}
