package io.vitessbeam.benchmark;

import io.vitessbeam.connect.VitessUri;
import io.vitessbeam.connect.Vtgate;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Changes an {@link EventsTable}, as made, in transactions of 30 updates, 10 inserts and 10 deletes
 * each. A third of the updates go to a hundredth of the rows, the rest of the updates and the
 * deletes all over the table, and the inserts to its end.
 */
final class EventChanges {

  static final int ROWS_OF_TRANSACTION = 50;

  private static final int HOT_UPDATES = 10;
  private static final int OTHER_UPDATES = 20;
  private static final int INSERTS = 10;
  private static final int DELETES = 10;
  private static final int THREADS = 4;

  /** A prime: its multiples modulo a smaller number visit every row once. */
  private static final long STRIDE = 1_000_000_007;

  private final VitessUri uri;
  private final EventsTable table;
  private final long rows;
  private final long transactions;

  /** Every so many rows there is one to be deleted, and the others may be updated. */
  private final long deletedEvery;

  EventChanges(VitessUri uri, EventsTable table, long rows, long changes) {
    this.uri = uri;
    this.table = table;
    this.rows = rows;
    this.transactions = changes / ROWS_OF_TRANSACTION;
    this.deletedEvery = rows / Math.max(1, deleted());
    if (changes % ROWS_OF_TRANSACTION != 0 || deletedEvery < 2 || rows < 10_000) {
      throw new IllegalArgumentException(
          "changes come by the "
              + ROWS_OF_TRANSACTION
              + ", 10,000 rows or more take 5 changes for 2 rows at most; not "
              + changes
              + " for "
              + rows);
    }
  }

  long deleted() {
    return transactions * DELETES;
  }

  /** Makes them, as fast as the server takes them. */
  void make() throws InterruptedException, ExecutionException {
    String shard = new Vtgate(uri).shards().get(0);
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      List<Future<?>> parts = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        int first = i;
        parts.add(
            threads.submit(
                () -> {
                  make(shard, first);
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

  private void make(String shard, int first) throws SQLException {
    try (Connection connection = new Vtgate(uri).lookUp(shard);
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      for (long n = first; n < transactions; n += THREADS) {
        run(statement, update(n), HOT_UPDATES + OTHER_UPDATES);
        run(statement, insert(n), INSERTS);
        run(statement, delete(n), DELETES);
        connection.commit();
      }
    }
  }

  /** Runs a statement that has to change so many rows. */
  static void run(Statement statement, String sql, int rows) throws SQLException {
    int changed = statement.executeUpdate(sql);
    if (changed != rows) {
      throw new IllegalStateException(changed + " rows instead of " + rows + ": " + sql);
    }
  }

  /** One statement, so that transactions lock their rows in one order and none is a deadlock. */
  private String update(long n) {
    long kept = rows - rows / deletedEvery;
    long hot = kept / 100;
    StringJoiner ids = new StringJoiner(",", " WHERE id IN (", ")");
    for (long i = n * HOT_UPDATES; i < (n + 1) * HOT_UPDATES; i++) {
      ids.add(String.valueOf(keptId(i * STRIDE % hot)));
    }
    for (long i = n * OTHER_UPDATES; i < (n + 1) * OTHER_UPDATES; i++) {
      ids.add(String.valueOf(keptId(hot + i * STRIDE % (kept - hot))));
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

  /** The ids without the multiples that are deleted. */
  private long keptId(long index) {
    return index + index / (deletedEvery - 1) + 1;
  }

  private String insert(long n) {
    return table.insert(
        "SELECT " + (rows + n * INSERTS) + " + n + 1 AS id FROM numbers WHERE n < " + INSERTS);
  }

  private String delete(long n) {
    StringJoiner ids = new StringJoiner(",", " WHERE id IN (", ")");
    for (long i = n * DELETES; i < (n + 1) * DELETES; i++) {
      ids.add(String.valueOf((i * STRIDE % deleted() + 1) * deletedEvery));
    }
    return "DELETE FROM " + table.name() + ids;
  }

  /** The transactions that the server has executed. */
  static String executed(VitessUri uri) throws SQLException {
    Vtgate vtgate = new Vtgate(uri);
    try (Connection connection = vtgate.lookUp(vtgate.shards().get(0));
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("SELECT @@global.gtid_executed")) {
      result.next();
      return result.getString(1);
    }
  }

  /** Makes them and prints the positions: {@code EventChanges URI NAME ROWS CHANGES}. */
  public static void main(String[] args)
      throws InterruptedException, ExecutionException, SQLException {
    VitessUri uri = VitessUri.parse(args[0]);
    System.out.println(executed(uri));
    new EventChanges(
            uri, new EventsTable(uri, args[1]), Long.parseLong(args[2]), Long.parseLong(args[3]))
        .make();
    System.out.println(executed(uri));
  }
}
