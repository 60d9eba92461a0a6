package io.vitessbeam.write.mysql;

import static io.vitessbeam.WriteStrategy.APPEND;
import static io.vitessbeam.WriteStrategy.MERGE;
import static io.vitessbeam.WriteStrategy.REPLACE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitessbeam.DataException;
import io.vitessbeam.WriteStrategy;
import io.vitessbeam.schema.ColumnType;
import io.vitessbeam.schema.MysqlType;
import io.vitessbeam.write.StagedRange;
import io.vitessbeam.write.load.LoadId;
import io.vitessbeam.write.mysql.publish.MysqlPublication;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Loads that die, or seem to, and what others make of that. */
class DeadLoadsIT {

  private static final int ROWS_OF_TRANSACTION = 20;

  private final Target target = new Target();
  private final ExecutorService threads = Executors.newCachedThreadPool();

  @AfterEach
  void endThreads() {
    threads.shutdownNow();
  }

  private LoadId<Server> mortal(WriteStrategy strategy) {
    LoadId<Server> id = target.id(strategy, spec -> spec);
    return new MortalServer(id.place(), ROWS_OF_TRANSACTION).id(id.spec());
  }

  /** Its tables are gone, and the word of that is not yet: no proof that they were published. */
  @Test
  void aLoadThatWakesUpWhileItIsSweptDoesNotTakeThatForItsOwnWork() throws Exception {
    target.load(REPLACE, Source.items().items(0, 3, "old"));
    LoadId<Server> asleep = mortal(REPLACE);
    MysqlLoad load = target.open(asleep);
    List<StagedRange> receipts = Target.stage(load, Source.items().items(0, 5, "new").blocks());
    CountDownLatch dropped = new CountDownLatch(1);
    CountDownLatch over = new CountDownLatch(1);
    List<Future<?>> sweeping = new ArrayList<>();
    MysqlPublication.Companion sleep =
        new MysqlPublication.Companion() {
          @Override
          public void begin() {
            freeze(asleep);
            sweeping.add(threads.submit(() -> sweep(asleep, dropped, over)));
            await(dropped);
          }
        };

    try {
      assertThatThrownBy(() -> load.publish(load.spec().run(), receipts, sleep))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("was taken for dead")
          .hasMessageContaining("run again");
    } finally {
      over.countDown();
    }
    sweeping.get(0).get();
    load.abort();
    assertThat(target.query("SELECT name FROM $t ORDER BY id"))
        .containsExactly("old 0", "old 1", "old 2");
    assertThat(target.leftovers(asleep)).isEmpty();
  }

  /** Loads another table, and stops where the sweep has dropped the tables of a load. */
  private static Void sweep(LoadId<Server> dead, CountDownLatch dropped, CountDownLatch over) {
    try (SqlLog log =
        new SqlLog(
            sql -> {
              if (sql.startsWith("DELETE FROM `_vitessbeam_loads`")
                  && sql.contains(dead.digest().toString())) {
                dropped.countDown();
                await(over);
              }
            })) {
      new Target().load(REPLACE, Source.items());
      assertThat(log.statements()).isNotEmpty();
    }
    return null;
  }

  private void freeze(LoadId<Server> id) {
    try {
      ((MortalServer) id.place()).freeze();
      target.silence(id);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(1, TimeUnit.MINUTES)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The rows are found by the target's key, whose collation is not that of the staged rows. */
  @Test
  void anAppendThatFailsMidwayIsTakenBackWhateverTheCollationOfTheKey() throws Exception {
    target.execute(
        "CREATE TABLE $t (k VARCHAR(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci"
            + " PRIMARY KEY, v INT)",
        "INSERT INTO $t VALUES ('k 45', 1)");
    LoadId<Server> failing = mortal(APPEND);
    MysqlLoad load = target.open(failing);
    List<StagedRange> receipts = Target.stage(load, keyed(0, 60).blocks());

    assertThatThrownBy(() -> load.publish(receipts)).hasMessageContaining("Duplicate entry");
    assertThat(target.query("SELECT COUNT(*) FROM $t")).containsExactly("41");
    load.abort();

    assertThat(target.query("SELECT k FROM $t")).containsExactly("k 45");
    assertThat(target.leftovers(failing)).isEmpty();
    assertThat(entries(failing)).isEmpty();
  }

  private static Source keyed(int from, int to) {
    Source source =
        new Source("k")
            .column("k", ColumnType.of(MysqlType.VARCHAR, 20), false)
            .column("v", ColumnType.of(MysqlType.INT), true);
    for (int i = from; i < to; i++) {
      source.row("k " + i, "2");
    }
    return source.in(1, ROWS_OF_TRANSACTION);
  }

  private List<String> entries(LoadId<Server> id) throws Exception {
    return target.query("SELECT state FROM _vitessbeam_loads WHERE digest = '" + id.digest() + "'");
  }

  /** The staged rows can't be compared with those of the target any more. */
  @Test
  void rowsThatCantBeTakenBackKeepOnlyLoadsOfTheirTableFromBeginning() throws Exception {
    target.execute("CREATE TABLE $t (k VARCHAR(20) PRIMARY KEY, v INT)");
    LoadId<Server> dead = mortal(APPEND);
    MysqlLoad dying = target.open(dead);
    List<StagedRange> receipts = Target.stage(dying, keyed(0, 60).blocks());
    try (SqlLog log =
        new SqlLog(
            sql -> {
              if (sql.startsWith("INSERT INTO " + target.quoted())) {
                throw new SqlLog.Killed();
              }
            })) {
      assertThatThrownBy(() -> dying.publish(receipts)).isInstanceOf(SqlLog.Killed.class);
      assertThat(log.statements()).isNotEmpty();
    }
    ((MortalServer) dead.place()).die();
    target.forget(dying);
    target.execute(
        "UPDATE _vitessbeam_loads SET progress = 19 WHERE digest = '" + dead.digest() + "'",
        "ALTER TABLE $t RENAME COLUMN k TO other");

    Target another = new Target();
    another.load(REPLACE, Source.items().items(0, 3, "a"));
    assertThat(another.query("SELECT COUNT(*) FROM $t")).containsExactly("3");
    Source same =
        new Source("other")
            .column("other", ColumnType.of(MysqlType.VARCHAR, 20), false)
            .column("v", ColumnType.of(MysqlType.INT), true)
            .row("x", "1");
    assertThatThrownBy(() -> target.load(MERGE, same))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("A dead load has appended rows to " + target.name())
        .hasMessageContaining("_vitessbeam_loads")
        .hasMessageContaining(dead.digest().toString());

    target.execute("ALTER TABLE $t RENAME COLUMN other TO k");
    target.load(MERGE, keyed(0, 1));
    assertThat(entries(dead)).isEmpty();
  }

  /** One statement may take hours, and its transaction has the row of the load. */
  @Test
  void aLoadIsSeenToLiveWhileItAppendsInOneTransaction() throws Exception {
    target.execute("CREATE TABLE $t (id BIGINT, name VARCHAR(50), changed DATETIME)");
    LoadId<Server> id = target.id(APPEND, spec -> spec);
    MysqlLoad load = target.open(id);
    List<StagedRange> receipts = Target.stage(load, Source.items().items(0, 5, "a").blocks());
    String heartbeat =
        "SELECT heartbeat FROM _vitessbeam_workers WHERE digest = '" + id.digest() + "'";
    try (SqlLog log =
        new SqlLog(
            sql -> {
              if (sql.startsWith("INSERT INTO " + target.quoted())) {
                awaitChange(heartbeat);
              }
            })) {
      load.publish(receipts);
      assertThat(log.statements())
          .anyMatch(sql -> sql.startsWith("INSERT INTO " + target.quoted()));
    }
    load.release();
    assertThat(target.query("SELECT COUNT(*) FROM $t")).containsExactly("5");
  }

  private void awaitChange(String query) {
    try {
      List<String> before = target.query(query);
      assertThat(before).hasSize(1);
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
      while (target.query(query).equals(before)) {
        assertThat(System.nanoTime()).as("it was not heard of").isLessThan(end);
        TimeUnit.MILLISECONDS.sleep(50);
      }
    } catch (SQLException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aLoadWhoseLocksAreLostShowsThemAgainAndIsNotSwept() throws Exception {
    LoadId<Server> id = mortal(REPLACE);
    MysqlLoad load = target.open(id);
    List<StagedRange> receipts = Target.stage(load, Source.items().items(0, 5, "a").blocks());

    ((MortalServer) id.place()).breakSigners();
    new Target().load(REPLACE, Source.items());
    new Target().load(REPLACE, Source.items());

    assertThat(load.publish(receipts).rows()).isEqualTo(5);
    load.release();
    assertThat(target.query("SELECT COUNT(*) FROM $t")).containsExactly("5");
  }
}
