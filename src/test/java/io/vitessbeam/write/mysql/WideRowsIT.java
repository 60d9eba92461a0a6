package io.vitessbeam.write.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitessbeam.WriteStrategy;
import io.vitessbeam.schema.ColumnType;
import io.vitessbeam.schema.MysqlType;
import io.vitessbeam.write.LoadSpec;
import io.vitessbeam.write.StagedRange;
import io.vitessbeam.write.load.LoadId;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Rows that are few for a transaction, and many bytes: some of them wide, others not. */
class WideRowsIT {

  private static final int ROWS = 60;
  private static final int WIDE = 10_000;
  private static final long BYTES_OF_TRANSACTION = 25_000;

  /** Every tenth row is wide: three of those make a transaction, and so do all others together. */
  private static final int WIDE_EVERY = 10;

  private final Target target = new Target();

  @ParameterizedTest
  @EnumSource(names = "SCD2", mode = EnumSource.Mode.EXCLUDE)
  void transactionsAreCutByBytesToo(WriteStrategy strategy) throws Exception {
    target.execute("CREATE TABLE $t (id BIGINT PRIMARY KEY, body MEDIUMTEXT)");
    LoadId<Server> plain = target.id(strategy, spec -> options(strategy, spec));
    LoadId<Server> id =
        new MortalServer(plain.place(), ROWS, BYTES_OF_TRANSACTION).id(plain.spec());
    MysqlLoad load = target.open(id);
    List<StagedRange> receipts = Target.stage(load, source().blocks());
    long inserts;
    try (SqlLog log = new SqlLog(sql -> {})) {
      load.publish(receipts);
      inserts =
          log.statements().stream()
              .filter(sql -> sql.startsWith("INSERT INTO "))
              .filter(sql -> sql.contains(" (`id`, `body`) SELECT "))
              .count();
    }
    load.release();

    assertThat(inserts).isBetween(2L, 5L);
    assertThat(target.query("SELECT COUNT(*), SUM(id), SUM(LENGTH(body)) FROM $t"))
        .containsExactly(
            "%d|%d|%d"
                .formatted(
                    ROWS,
                    ROWS * (ROWS - 1) / 2,
                    ROWS / WIDE_EVERY * WIDE + (ROWS - ROWS / WIDE_EVERY)));
  }

  private static LoadSpec options(WriteStrategy strategy, LoadSpec spec) {
    return switch (strategy) {
      case REPLACE, MERGE -> spec.withPrimaryKey(List.of("id"));
      case DELETE_INSERT -> spec.withIncrementalKey("id");
      case APPEND, SCD2 -> spec;
    };
  }

  private static Source source() {
    Source source =
        new Source("id")
            .column("id", ColumnType.of(MysqlType.BIGINT), false)
            .column("body", ColumnType.of(MysqlType.MEDIUMTEXT), true);
    for (int i = 0; i < ROWS; i++) {
      source.row(i, "x".repeat(i % WIDE_EVERY == 0 ? WIDE : 1));
    }
    return source.in(1, 7);
  }
}
