package io.vitessbeam.write.postgresql;

import static io.vitessbeam.write.postgresql.TestSchema.block;
import static org.assertj.core.api.Assertions.assertThat;

import io.vitessbeam.WriteStrategy;
import io.vitessbeam.block.Block;
import io.vitessbeam.block.Origin;
import io.vitessbeam.schema.Column;
import io.vitessbeam.schema.ColumnType;
import io.vitessbeam.schema.MysqlType;
import io.vitessbeam.schema.TableSchema;
import io.vitessbeam.testing.TestPostgresql;
import io.vitessbeam.write.LoadSpec;
import io.vitessbeam.write.Loader;
import io.vitessbeam.write.StagedRange;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Loads whose sessions the server ends, and tables that others have. */
class BrokenSessionsIT {

  private static final TableSchema ITEMS =
      new TableSchema(
          "shop",
          "items",
          List.of(
              new Column("id", ColumnType.of(MysqlType.INT), false),
              new Column("name", ColumnType.of(MysqlType.VARCHAR, 20), true)),
          List.of("id"));

  private final TestSchema schema = new TestSchema();
  private final ExecutorService threads = Executors.newCachedThreadPool();

  @AfterEach
  void endThreads() {
    threads.shutdownNow();
  }

  private static Origin origin(long sequence, long rows) {
    return new Origin(5, 0, 1, sequence, rows, "0");
  }

  private LoadSpec replace() {
    return schema.spec("items").withStrategy(WriteStrategy.REPLACE);
  }

  @Test
  void blocksComeAgainWhenSessionsBreak() throws SQLException {
    Loader loader = schema.loader(replace());
    loader.stage(block(ITEMS, origin(0, -1), "1 a"));
    KilledSessions.killAll();
    loader.stage(block(ITEMS, origin(1, -1), "2 b"));
    KilledSessions.killAll();
    StagedRange range = loader.stage(Block.closing(ITEMS, origin(2, 2))).orElseThrow();
    KilledSessions.killAll();
    assertThat(loader.publish(List.of(range)).rows()).isEqualTo(2);
    loader.release();
    assertThat(schema.query("SELECT id || name FROM $s.items ORDER BY id"))
        .containsExactly("1a", "2b");
  }

  /** Nobody works on it who could notice. */
  @Test
  void aLoadThatRestsIsShownAgainAndNotSwept() throws SQLException {
    Loader resting = schema.loader(replace());
    List<StagedRange> receipts = TestSchema.stage(resting, ITEMS, "1 a");
    resting.release();
    KilledSessions.killAll();

    for (int i = 0; i < 2; i++) {
      LoadSpec other = schema.spec("others").withStrategy(WriteStrategy.APPEND);
      new TestSchema(schema.name()).load(other, ITEMS, i + " other");
    }

    assertThat(resting.publish(receipts).rows()).isEqualTo(1);
    assertThat(schema.query("SELECT id || name FROM $s.items")).containsExactly("1a");
  }

  /** Somebody has the table open for long; others read it at once all the same. */
  @Test
  void aReplacementThatWaitsForAReaderHoldsUpNoOther() throws Exception {
    schema.load(replace(), ITEMS, "1 old");
    String count = "SELECT count(*) FROM \"%s\".items".formatted(schema.name());
    try (Connection first = TestPostgresql.shared().connect();
        Connection second = TestPostgresql.shared().connect();
        Statement reading = first.createStatement();
        Statement looking = second.createStatement()) {
      first.setAutoCommit(false);
      reading.execute(count);
      Future<Long> load = threads.submit(() -> schema.load(replace(), ITEMS, "2 new", "3 new"));
      looking.execute("SET statement_timeout = '8s'");
      awaitWaiting(looking, load);

      try (ResultSet rows = looking.executeQuery(count)) {
        rows.next();
        assertThat(rows.getLong(1)).isEqualTo(1);
      }
      assertThat(load).isNotDone();
      first.commit();
      assertThat(load.get()).isEqualTo(2);
      assertThat(schema.query("SELECT count(*) FROM $s.items")).containsExactly("2");
    }
  }

  private void awaitWaiting(Statement looking, Future<?> load) throws Exception {
    String waiting =
        "SELECT count(*) FROM pg_locks WHERE NOT granted AND mode = 'AccessExclusiveLock'"
            + " AND relation = '\"%s\".items'::regclass".formatted(schema.name());
    long found = 0;
    while (found == 0) {
      assertThat(load).isNotDone();
      try (ResultSet rows = looking.executeQuery(waiting)) {
        rows.next();
        found = rows.getLong(1);
      }
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }
}
