package io.vitessbeam.write.mysql;

import static io.vitessbeam.WriteStrategy.REPLACE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitessbeam.WriteStrategy;
import io.vitessbeam.write.LoadSpec;
import io.vitessbeam.write.LoadSpec.Interval;
import io.vitessbeam.write.mysql.Registry.State;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A load is killed before each of its statements, and then done again: by the same run, as a runner
 * retries it, or by another one, as a user does. Afterwards the table is as after a load that
 * nobody killed, and nothing is left.
 */
class CrashIT {

  private static final int MOST_STATEMENTS = 500;

  /** Of a transaction of the publication. */
  private static final int ROWS = 32;

  /** Each with a table of its own; the servers answer one while they flush for another. */
  private static final int THREADS = 4;

  /** Rows that are there already, more than a transaction deletes. */
  private static final int KNOWN = 40;

  /** What is loaded, and how. */
  enum Way {
    REPLACE_BY_SOURCE_KEY(REPLACE, true),
    REPLACE_BY_NAMED_KEY(REPLACE, true),
    MERGE(WriteStrategy.MERGE, true),
    APPEND_WITH_KEY(WriteStrategy.APPEND, true),
    APPEND_WITHOUT_KEY(WriteStrategy.APPEND, false),
    DELETE_INSERT(WriteStrategy.DELETE_INSERT, false),
    DELETE_INSERT_WITH_KEY(WriteStrategy.DELETE_INSERT, true),
    SCD2(WriteStrategy.SCD2, false);

    private final WriteStrategy strategy;
    private final boolean key;

    Way(WriteStrategy strategy, boolean key) {
      this.strategy = strategy;
      this.key = key;
    }

    LoadSpec options(LoadSpec spec) {
      return switch (this) {
        case REPLACE_BY_NAMED_KEY -> spec.withPrimaryKey(List.of("id"));
        case DELETE_INSERT -> spec.withIncrementalKey("changed");
        case DELETE_INSERT_WITH_KEY ->
            spec.withIncrementalKey("changed").withInterval(new Interval("2023-01-01", ""));
        default -> spec;
      };
    }

    /** More rows than a transaction takes; some are there already, unless that is an error. */
    Source source() {
      int from = strategy == WriteStrategy.APPEND ? KNOWN : KNOWN / 2;
      return Source.items().items(from, from + ROWS * 3 / 2, "new").in(2, ROWS);
    }
  }

  @ParameterizedTest
  @EnumSource
  void heals(Way way) throws Exception {
    Target whole = new Target();
    prepare(whole, way);
    int statements;
    try (SqlLog log = new SqlLog(MOST_STATEMENTS)) {
      whole.load(id(whole, way), way.source().blocks());
      statements = log.statements().size();
    }
    assertThat(statements).isGreaterThan(40);
    List<String> expected = rows(whole);

    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      List<Future<?>> kills = new ArrayList<>();
      for (int statement = 0; statement < statements; statement++) {
        int last = statement;
        kills.add(
            threads.submit(
                () -> {
                  killAndHeal(way, last, expected);
                  return null;
                }));
      }
      for (Future<?> kill : kills) {
        kill.get();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private static void killAndHeal(Way way, int statement, List<String> expected)
      throws SQLException {
    Target target = new Target();
    prepare(target, way);
    LoadId id = id(target, way);
    kill(target, id, way, statement);
    boolean sameRun = statement % 2 == 0 || isPublished(target, id);
    LoadId healing = id(target, way);
    if (sameRun) {
      healing = new LoadId(healing.server(), id.spec());
    } else {
      target.silence(id);
    }
    target.load(healing, way.source().blocks());

    assertThat(rows(target))
        .as("killed before statement %d, same run %s", statement, sameRun)
        .isEqualTo(expected);
    assertThat(target.leftovers(id)).as("statement %d", statement).isEmpty();
    target.execute("DROP TABLE $t");
  }

  private static LoadId id(Target target, Way way) {
    LoadId id = target.id(way.strategy, way::options);
    return new LoadId(new MortalServer(id.server(), ROWS), id.spec());
  }

  private static void prepare(Target target, Way way) throws SQLException {
    String scd =
        way == Way.SCD2
            ? ", _scd_valid_from TIMESTAMP(6) NOT NULL, _scd_valid_to TIMESTAMP(6) NULL,"
                + " _scd_is_current BOOLEAN NOT NULL"
            : "";
    target.execute(
        "CREATE TABLE $t (id BIGINT NOT NULL, name VARCHAR(50), changed DATETIME"
            + scd
            + (way.key ? ", PRIMARY KEY (id)" : ", KEY (id), KEY (changed)")
            + ")",
        "INSERT INTO $t SELECT n, CONCAT('old ', n), '2023-01-01'"
            + (way == Way.SCD2 ? ", '2023-01-01', NULL, 1" : "")
            + " FROM (WITH RECURSIVE r AS (SELECT 0 n UNION ALL SELECT n + 1 FROM r WHERE n < "
            + (KNOWN - 1)
            + ")"
            + " SELECT n FROM r) x");
  }

  /** Lets so many statements of a load pass. */
  private static void kill(Target target, LoadId id, Way way, int statements) throws SQLException {
    MysqlLoad load = target.open(id);
    try (SqlLog log = new SqlLog(statements)) {
      assertThatThrownBy(() -> load.publish(Target.stage(load, way.source().blocks())))
          .isInstanceOf(SqlLog.Killed.class);
      assertThat(log.statements()).hasSize(statements);
    }
    ((MortalServer) id.server()).die();
    target.forget(load);
  }

  /** Whether all rows are there and only the word of it is not: another run would be a second. */
  private static boolean isPublished(Target target, LoadId id) throws SQLException {
    if (target.query("SHOW TABLES LIKE '\\_vitessbeam\\_loads'").isEmpty()) {
      return false;
    }
    return !target
        .query(
            "SELECT 1 FROM _vitessbeam_loads WHERE digest = '"
                + id.digest()
                + "' AND (state = '"
                + State.PUBLISHED
                + "' OR progress = "
                + Long.MAX_VALUE
                + ")")
        .isEmpty();
  }

  private static List<String> rows(Target target) throws SQLException {
    boolean versions = target.definition().contains("_scd_");
    return target.query(
        "SELECT id, name, changed"
            + (versions ? ", _scd_is_current, _scd_valid_to IS NULL" : "")
            + " FROM $t ORDER BY 1, 2"
            + (versions ? ", 4" : ""));
  }
}
