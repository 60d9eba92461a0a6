package io.vitessbeam.write.mysql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.vitessbeam.testing.StatementKinds;
import io.vitessbeam.write.load.LoadId;
import io.vitessbeam.write.mysql.Registry.State;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A load is killed before each of its statements, and then done again: by the same run, as a runner
 * retries it, or by another one, as a user does. Afterwards the table is as after a load that
 * nobody killed, and nothing is left.
 */
class CrashIT {

  private static final int MOST_STATEMENTS = 500;
  private static final int FEW_STATEMENTS = 5;

  /** Each with a table of its own; the servers answer one while they flush for another. */
  private static final int THREADS = 4;

  @Test
  void healsFromADeathBeforeEachKindOfStatement() throws Exception {
    StatementKinds kinds = new StatementKinds();
    List<Callable<Void>> kills = new ArrayList<>();
    for (Way way : Way.values()) {
      Whole whole = Whole.of(way);
      kinds.newIn(whole.statements).forEach(place -> kills.add(whole.killedBefore(place)));
    }
    atTheSameTime(kills);
  }

  @Tag("volume")
  @ParameterizedTest
  @EnumSource
  void healsFromADeathBeforeAnyStatement(Way way) throws Exception {
    Whole whole = Whole.of(way);
    atTheSameTime(
        IntStream.range(0, whole.statements.size()).mapToObj(whole::killedBefore).toList());
  }

  private static void atTheSameTime(List<Callable<Void>> kills) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      for (Future<Void> kill : threads.invokeAll(kills)) {
        kill.get();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  /** A load that nobody kills: what it sends, and the rows after it. */
  private record Whole(Way way, List<String> statements, List<String> rows) {

    static Whole of(Way way) throws SQLException {
      Target whole = new Target();
      List<String> statements = statements(whole, way);
      // This one may also have removed what loads of other tests have left, which nobody else will.
      List<String> again = statements(new Target(), way);
      if (again.size() < statements.size()) {
        statements = again;
      }
      assertThat(statements).hasSizeGreaterThan(40);
      return new Whole(way, statements, whole.query(way.rows()));
    }

    private static List<String> statements(Target target, Way way) throws SQLException {
      target.execute(way.existing());
      try (SqlLog log = new SqlLog(MOST_STATEMENTS)) {
        target.load(id(target, way), way.source().blocks());
        return List.copyOf(log.statements());
      }
    }

    Callable<Void> killedBefore(int statement) {
      return () -> {
        killAndHeal(way, statement, rows);
        return null;
      };
    }
  }

  private static void killAndHeal(Way way, int statement, List<String> expected)
      throws SQLException {
    Target target = new Target();
    target.execute(way.existing());
    LoadId<Server> id = id(target, way);
    int sent = kill(target, id, way, statement);
    if (sent < statement) {
      // Two loads differ by some statements, which clean up after others: this one was done.
      assertThat(sent).isBetween(statement - FEW_STATEMENTS, statement - 1);
      target.execute("DROP TABLE $t");
      killAndHeal(way, sent - 1, expected);
      return;
    }
    boolean sameRun = statement % 2 == 0 || isPublished(target, id);
    LoadId<Server> healing = id(target, way);
    if (sameRun) {
      healing = healing.place().id(id.spec());
    }
    target.load(healing, way.source().blocks());

    assertThat(target.query(way.rows()))
        .as("%s killed before statement %d, same run %s", way, statement, sameRun)
        .isEqualTo(expected);
    assertThat(target.leftovers(id)).as("%s statement %d", way, statement).isEmpty();
    target.execute("DROP TABLE $t");
  }

  private static LoadId<Server> id(Target target, Way way) {
    LoadId<Server> id = target.id(way.strategy(), way::options);
    return new MortalServer(id.place(), Way.ROWS_OF_TRANSACTION).id(id.spec());
  }

  /**
   * Lets so many statements of a load pass, and then none.
   *
   * @return how many were sent; less than that if the load was done before
   */
  private static int kill(Target target, LoadId<Server> id, Way way, int statements)
      throws SQLException {
    MysqlLoad load = target.open(id);
    int sent;
    try (SqlLog log = new SqlLog(statements)) {
      Throwable death =
          catchThrowable(() -> load.publish(Target.stage(load, way.source().blocks())));
      sent = log.statements().size();
      if (death != null || sent == statements) {
        assertThat(death).isInstanceOf(SqlLog.Killed.class);
        assertThat(sent).isEqualTo(statements);
      }
    }
    ((MortalServer) id.place()).die();
    target.forget(load);
    return sent;
  }

  /** Whether all rows are there and only the word of it is not: another run would be a second. */
  private static boolean isPublished(Target target, LoadId<Server> id) throws SQLException {
    if (target.query("SHOW TABLES LIKE '\\_vitessbeam\\_loads'").isEmpty()) {
      return false;
    }
    return !target
        .query(
            "SELECT 1 FROM _vitessbeam_loads WHERE digest = '"
                + id.digest().toString()
                + "' AND (state = '"
                + State.PUBLISHED
                + "' OR progress = "
                + Long.MAX_VALUE
                + ")")
        .isEmpty();
  }
}
