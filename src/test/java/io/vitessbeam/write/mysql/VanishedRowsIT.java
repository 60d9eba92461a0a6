package io.vitessbeam.write.mysql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitessbeam.DataException;
import io.vitessbeam.WriteStrategy;
import io.vitessbeam.schema.ColumnType;
import io.vitessbeam.schema.MysqlType;
import io.vitessbeam.write.LoadSpec;
import io.vitessbeam.write.StagedRange;
import io.vitessbeam.write.load.LoadId;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A statement of a publication writes fewer rows than it was to: here a staged one is gone. */
class VanishedRowsIT {

  private final Target target = new Target();

  @ParameterizedTest
  @CsvSource({
    "REPLACE, 'id BIGINT PRIMARY KEY'",
    "APPEND, 'id BIGINT PRIMARY KEY'",
    "APPEND, id BIGINT",
    "MERGE, 'id BIGINT PRIMARY KEY'",
    "DELETE_INSERT, id BIGINT",
  })
  void aLoadThatWritesLessThanWasStagedFails(WriteStrategy strategy, String id) throws Exception {
    target.execute(
        "CREATE TABLE $t (%s, n INT)".formatted(id), "INSERT INTO $t VALUES (1, 1), (9, 9)");
    boolean append = strategy == WriteStrategy.APPEND;
    LoadId<Server> run = target.id(strategy, spec -> options(strategy, spec));
    MysqlLoad load = target.open(run);
    Source source = new Source("id").column("id", ColumnType.of(MysqlType.BIGINT), false);
    source.column("n", ColumnType.of(MysqlType.INT), true);
    source.row(append ? 2 : 1, 5).row(3, 6).row(4, 7);
    List<StagedRange> receipts = Target.stage(load, source.blocks());
    AtomicBoolean gone = new AtomicBoolean();
    try (SqlLog log =
        new SqlLog(
            sql -> {
              boolean writes =
                  sql.contains(" (`id`, `n`) SELECT ") || sql.contains("STRAIGHT_JOIN `t_");
              if (writes && gone.compareAndSet(false, true)) {
                removeStaged(run);
              }
            })) {
      assertThatThrownBy(() -> load.publish(receipts))
          .isInstanceOf(DataException.class)
          .hasMessageContaining(target.name() + " is not published")
          .hasMessageContaining("of 3 rows to be written 2 were");
      assertThat(log.statements()).isNotEmpty();
    }
    load.abort();

    assertThat(gone).isTrue();
    assertThat(target.query("SELECT * FROM $t ORDER BY id")).containsExactly("1|1", "9|9");
  }

  private void removeStaged(LoadId<Server> run) {
    try {
      String staging =
          target.leftovers(run).stream()
              .filter(name -> name.startsWith("_vitessbeam_staging"))
              .findFirst()
              .orElseThrow();
      target.execute("DELETE FROM %s WHERE id = 4".formatted(LoadNames.quoted(staging)));
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static LoadSpec options(WriteStrategy strategy, LoadSpec spec) {
    return switch (strategy) {
      case REPLACE, MERGE -> spec.withPrimaryKey(List.of("id"));
      case DELETE_INSERT -> spec.withIncrementalKey("id");
      case APPEND, SCD2 -> spec;
    };
  }
}
