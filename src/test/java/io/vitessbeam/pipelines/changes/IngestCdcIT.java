package io.vitessbeam.pipelines.changes;

import static io.vitessbeam.testing.TestVitess.CUSTOMER;
import static io.vitessbeam.testing.TestVitess.SHOP;
import static org.assertj.core.api.Assertions.assertThat;

import io.vitessbeam.benchmark.EventsTable;
import io.vitessbeam.testing.TestPipelines.EmbeddedRunner;
import io.vitessbeam.testing.TestVitess;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A copy is made once and follows its source from then on, on both embedded runners. */
class IngestCdcIT {

  private static final TestVitess VITESS = TestVitess.shared();
  private static final String COLUMNS =
      "(id BIGINT NOT NULL PRIMARY KEY, name VARCHAR(80), amount DECIMAL(20,4), at DATETIME(6),"
          + " raw VARBINARY(40))";

  @TempDir private Path folder;

  @ParameterizedTest
  @EnumSource
  void changesAreAppliedRunAfterRun(EmbeddedRunner runner) throws SQLException {
    String table = VITESS.newTable("followed");
    VITESS.execute(SHOP, "CREATE TABLE " + table + " " + COLUMNS);
    VITESS.execute(SHOP, insert(table, 1, 2_000));
    changesAreApplied(CdcCopy.of(runner, SHOP, folder), table);
  }

  @ParameterizedTest
  @EnumSource
  void changesOfAllShardsAreApplied(EmbeddedRunner runner) throws SQLException {
    String table = VITESS.newTable("followed");
    VITESS.createSharded(table, "id", "hash", COLUMNS);
    VITESS.execute(CUSTOMER, insert(table, 1, 2_000));
    changesAreApplied(CdcCopy.of(runner, CUSTOMER, folder), table);
  }

  private static void changesAreApplied(CdcCopy copy, String table) throws SQLException {
    assertThat(copy.sync(table))
        .startsWith("Synced " + copy.keyspace() + "." + table + " into " + copy.file())
        .contains("main." + table)
        .contains("copied 2,000 rows");
    copy.assertSame(table);

    VITESS.execute(
        copy.keyspace(),
        insert(table, 2_001, 2_010),
        "UPDATE " + table + " SET name = NULL, amount = -amount WHERE id BETWEEN 11 AND 40",
        "DELETE FROM " + table + " WHERE id BETWEEN 100 AND 104");
    assertThat(copy.sync(table)) // Three of the updates change nothing.
        .contains("10 inserted, 27 updated, 5 deleted");
    copy.assertSame(table);
    assertThat(copy.deleted(table)).containsExactly("100|", "101|", "102|", "103|", "104|");

    VITESS.execute(
        copy.keyspace(),
        "DELETE FROM " + table + " WHERE id = 7",
        "INSERT INTO " + table + " (id, name) VALUES (7, 'again')",
        "INSERT INTO " + table + " (id, name) VALUES (100, 'back')",
        "INSERT INTO " + table + " (id, name) VALUES (9000, 'short')",
        "DELETE FROM " + table + " WHERE id = 9000",
        "UPDATE " + table + " SET name = 'twice' WHERE id = 8",
        "UPDATE " + table + " SET name = 'thrice' WHERE id = 8");
    copy.sync(table);
    copy.assertSame(table);

    List<String> before = copy.everything(table);
    assertThat(copy.sync(table)).contains("nothing new");
    assertThat(copy.everything(table)).isEqualTo(before);
  }

  @ParameterizedTest
  @EnumSource
  void aKeyThatChangesIsADeleteAndAnInsert(EmbeddedRunner runner) throws SQLException {
    String table = VITESS.newTable("rekeyed");
    VITESS.execute(SHOP, "CREATE TABLE " + table + " " + COLUMNS, insert(table, 1, 5));
    CdcCopy copy = CdcCopy.of(runner, SHOP, folder);
    copy.sync(table);
    VITESS.execute(
        SHOP,
        "UPDATE " + table + " SET id = 50, name = 'moved' WHERE id = 5",
        // Onto the key that was just left.
        "UPDATE " + table + " SET id = 5 WHERE id = 4",
        "UPDATE " + table + " SET id = id + 100 WHERE id < 4");

    assertThat(copy.sync(table)).contains("deleted");

    copy.assertSame(table);
    assertThat(copy.deleted(table)).containsExactly("1|", "2|", "3|", "4|");
  }

  @ParameterizedTest
  @EnumSource
  void aCopyUnderWritesEndsAndHoldsWhatWasThere(EmbeddedRunner runner) throws Exception {
    String table = VITESS.newTable("busy");
    new EventsTable(VITESS.uri(SHOP), table).create(60_000);
    CdcCopy copy = CdcCopy.of(runner, SHOP, folder);
    AtomicInteger committed = new AtomicInteger(1_000_000);
    int atStart;
    try (Writer writer = new Writer(table, committed)) {
      writer.awaitWrites();
      atStart = committed.get();
      copy.sync(table);
      writer.awaitWrites();
    }

    assertThat(
            copy.rows(
                "SELECT count(*) FROM "
                    + table
                    + " WHERE NOT _cdc_deleted AND id BETWEEN 1000001 AND "
                    + atStart))
        .containsExactly(atStart - 1_000_000 + "|");
    assertThat(copy.sync(table)).doesNotContain("copied");
    copy.assertSame(table);
  }

  /** Adds a row, changes one and deletes one, again and again. */
  private static final class Writer implements AutoCloseable {
    private final AtomicBoolean stopped = new AtomicBoolean();
    private final AtomicInteger committed;
    private final Thread thread;
    private volatile Throwable failure;

    Writer(String table, AtomicInteger committed) {
      this.committed = committed;
      this.thread = new Thread(() -> write(table), "writer");
      thread.start();
    }

    private void write(String table) {
      try (Connection connection = VITESS.connect(SHOP);
          Statement statement = connection.createStatement()) {
        while (!stopped.get()) {
          int id = committed.get() + 1;
          statement.execute(
              "INSERT INTO "
                  + table
                  + " (id, user_id, kind, amount, created, day, flag) VALUES ("
                  + id
                  + ", 1, 'new', 1.5, '2024-01-01', '2024-01-01', 0)");
          committed.incrementAndGet();
          statement.execute(
              "UPDATE " + table + " SET note = 'w" + id + "' WHERE id = " + (id * 37 % 60_000));
          statement.execute("DELETE FROM " + table + " WHERE id = " + (id * 53 % 60_000));
        }
      } catch (Throwable e) {
        failure = e;
      }
    }

    /** Until some more rows are committed. */
    void awaitWrites() throws InterruptedException {
      int enough = committed.get() + 20;
      while (committed.get() < enough && thread.isAlive()) {
        Thread.sleep(5);
      }
      assertThat(failure).isNull();
    }

    @Override
    public void close() {
      stopped.set(true);
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      assertThat(failure).isNull();
    }
  }

  @ParameterizedTest
  @EnumSource
  void anEmptyTableIsFollowedFromItsFirstRow(EmbeddedRunner runner) throws SQLException {
    String table = VITESS.newTable("empty");
    VITESS.execute(SHOP, "CREATE TABLE " + table + " " + COLUMNS);
    CdcCopy copy = CdcCopy.of(runner, SHOP, folder);

    assertThat(copy.sync(table)).contains("copied 0 rows");
    assertThat(copy.sync(table)).contains("nothing new");
    VITESS.execute(SHOP, insert(table, 1, 3));
    assertThat(copy.sync(table)).contains("3 inserted, 0 updated, 0 deleted");
    copy.assertSame(table);
    VITESS.execute(SHOP, "DELETE FROM " + table);
    assertThat(copy.sync(table)).contains("0 inserted, 0 updated, 3 deleted");
    copy.assertSame(table);
  }

  @Test
  void aTransactionOfManyRowsIsAppliedWhole() throws SQLException {
    String table = VITESS.newTable("large_transaction");
    VITESS.execute(SHOP, "CREATE TABLE " + table + " " + COLUMNS);
    CdcCopy copy = CdcCopy.of(EmbeddedRunner.DIRECT, SHOP, folder);
    copy.sync(table);
    try (Connection connection = VITESS.connect(SHOP);
        Statement statement = connection.createStatement()) {
      statement.execute("BEGIN");
      for (int from = 1; from <= 40_000; from += 4_000) {
        statement.execute(insert(table, from, from + 3_999));
      }
      statement.execute(
          "UPDATE " + table + " SET name = 'changed' WHERE id % 3 = 0 AND id < 20000");
      statement.execute("DELETE FROM " + table + " WHERE id % 7 = 0 AND id < 20000");
      statement.execute("COMMIT");
    }

    assertThat(copy.sync(table)).contains("inserted");

    copy.assertSame(table);
  }

  @Test
  void whatIsRolledBackNeverComes() throws SQLException {
    String table = VITESS.newTable("rolled_back");
    VITESS.execute(SHOP, "CREATE TABLE " + table + " " + COLUMNS, insert(table, 1, 3));
    CdcCopy copy = CdcCopy.of(EmbeddedRunner.DIRECT, SHOP, folder);
    copy.sync(table);
    VITESS.execute(SHOP, "BEGIN", insert(table, 4, 9), "DELETE FROM " + table, "ROLLBACK");

    assertThat(copy.sync(table)).contains("nothing new");

    copy.assertSame(table);
  }

  @Test
  void theAddedColumnsAreAsDocumented() throws SQLException {
    String table = VITESS.newTable("columns");
    VITESS.execute(SHOP, "CREATE TABLE " + table + " (id INT PRIMARY KEY)");
    CdcCopy copy = CdcCopy.of(EmbeddedRunner.DIRECT, SHOP, folder);
    copy.sync(table);

    assertThat(
            copy.rows(
                "SELECT ordinal_position, column_name, data_type, is_nullable"
                    + " FROM information_schema.columns WHERE table_name = '"
                    + table
                    + "'"))
        .containsExactly(
            "1|id|INTEGER|NO|",
            "2|_cdc_lsn|VARCHAR|NO|",
            "3|_cdc_deleted|BOOLEAN|NO|",
            "4|_cdc_synced_at|TIMESTAMP WITH TIME ZONE|NO|");
  }

  private static String insert(String table, int from, int to) {
    StringBuilder sql =
        new StringBuilder("INSERT INTO " + table + " (id, name, amount, at, raw) VALUES ");
    for (int id = from; id <= to; id++) {
      sql.append(id == from ? "" : ",")
          .append(
              id % 11 == 0
                  ? "(" + id + ",NULL,NULL,NULL,NULL)"
                  : "(%d,'n😀 %d',%d.0625,'2024-02-29 12:00:00.%06d',X'00FF%04x')"
                      .formatted(id, id, id, id, id % 65_536));
    }
    return sql.toString();
  }
}
