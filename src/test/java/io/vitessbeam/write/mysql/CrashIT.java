package io.vitessbeam.write.mysql;

import static io.vitessbeam.WriteStrategy.REPLACE;
import static org.assertj.core.api.Assertions.assertThat;

import io.vitessbeam.WriteStrategy;
import io.vitessbeam.write.LoadSpec;
import io.vitessbeam.write.mysql.Registry.State;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A load is killed before each of its statements, and then done again: by the same run, as a runner
 * retries it, or by another one, as a user does. Afterwards the table is as after a load that
 * nobody killed, and nothing is left.
 */
class CrashIT {

  private static final int MOST_STATEMENTS = 500;

  /** What is loaded, and how. */
  enum Way {
    REPLACE_BY_SOURCE_KEY(REPLACE, true),
    REPLACE_BY_NAMED_KEY(REPLACE, true),
    MERGE(WriteStrategy.MERGE, true),
    APPEND_WITH_KEY(WriteStrategy.APPEND, true),
    APPEND_WITHOUT_KEY(WriteStrategy.APPEND, false),
    DELETE_INSERT(WriteStrategy.DELETE_INSERT, false),
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
        default -> spec;
      };
    }

    /** More rows than a range has; some are there already, unless that is an error. */
    Source source() {
      int from = strategy == WriteStrategy.APPEND ? 100 : 50;
      return Source.items().items(from, from + KeyRanges.ROWS + 500, "new").in(2, 1000);
    }
  }

  @ParameterizedTest
  @EnumSource
  void heals(Way way) throws Exception {
    Target whole = new Target();
    prepare(whole, way);
    whole.load(whole.id(way.strategy, way::options), way.source().blocks());
    List<String> expected = rows(whole);
    // One table: what heals is started over each time.
    Target target = new Target();
    int statement = 0;
    boolean killed = true;
    while (killed) {
      target.execute("DROP TABLE IF EXISTS $t");
      prepare(target, way);
      LoadId id = target.id(way.strategy, way::options);
      killed = kill(target, id, way, statement);
      boolean sameRun = statement % 2 == 0 || isPublished(target, id);
      if (killed) {
        LoadId healing =
            sameRun
                ? id
                : new LoadId(id.server(), id.spec().withRunId(UUID.randomUUID().toString()));
        if (!sameRun) {
          target.execute(
              "UPDATE _vitessbeam_loads SET heartbeat = heartbeat - INTERVAL 1 HOUR WHERE digest ="
                  + " '"
                  + id.digest()
                  + "'");
        }
        target.load(healing, way.source().blocks());
      }
      assertThat(rows(target))
          .as("killed before statement %d, same run %s", statement, sameRun)
          .isEqualTo(expected);
      assertThat(target.leftovers(id)).as("statement %d", statement).isEmpty();
      statement++;
      assertThat(statement).isLessThan(MOST_STATEMENTS);
    }
    assertThat(statement).isGreaterThan(20);
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
            + " FROM (WITH RECURSIVE r AS (SELECT 0 n UNION ALL SELECT n + 1 FROM r WHERE n < 99)"
            + " SELECT n FROM r) x");
  }

  /** Whether the load came to be killed at all. */
  private static boolean kill(Target target, LoadId id, Way way, int statements) {
    MysqlLoad load = target.open(id);
    try (SqlLog log = new SqlLog(statements)) {
      load.publish(Target.stage(load, way.source().blocks()));
      load.release();
      assertThat(log.statements()).hasSizeLessThanOrEqualTo(statements);
      return false;
    } catch (SqlLog.Killed e) {
      load.die();
      return true;
    }
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
