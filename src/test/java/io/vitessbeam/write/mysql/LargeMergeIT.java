package io.vitessbeam.write.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitessbeam.WriteStrategy;
import io.vitessbeam.write.mysql.publish.Versions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** However many rows there are, a transaction changes few of them. */
@Tag("volume")
class LargeMergeIT {

  private static final int ROWS = 300_000;

  private static final int KNOWN = 60_000;

  private final Target target = new Target();

  @Test
  void isCutIntoBoundedTransactions() throws Exception {
    target.load(WriteStrategy.REPLACE, Source.items().items(0, ROWS / 2, "a").in(2, 4000));
    try (SqlLog log = new SqlLog(Integer.MAX_VALUE)) {
      target.load(WriteStrategy.MERGE, Source.items().items(0, ROWS, "b").in(4, 4000));

      assertThat(log.statements())
          .filteredOn(sql -> sql.startsWith("UPDATE") && sql.contains(" SET t."))
          .hasSize(ROWS / Server.Database.ROWS_OF_TRANSACTION + 1);
    }
    assertThat(target.query("SELECT COUNT(*), SUM(name LIKE 'b %'), SUM(id) FROM $t"))
        .containsExactly(ROWS + "|" + ROWS + "|" + (ROWS * (ROWS - 1L) / 2));
  }

  /** As right after a table was filled: the optimizer takes it for empty, and a scan for cheap. */
  @ParameterizedTest
  @EnumSource(names = {"MERGE", "SCD2"})
  void oldStatisticsDoNotMakeItReadTheWholeTableForEachRange(WriteStrategy strategy)
      throws Exception {
    boolean versions = strategy == WriteStrategy.SCD2;
    target.execute(
        "CREATE TABLE $t (id BIGINT NOT NULL, name VARCHAR(50), changed DATETIME"
            + (versions ? ", " + String.join(", ", Versions.DEFINITIONS) : "")
            + ", PRIMARY KEY (id"
            + (versions ? ", _scd_valid_from" : "")
            + ")) STATS_PERSISTENT=1 STATS_AUTO_RECALC=0",
        "ANALYZE TABLE $t",
        "INSERT INTO $t SELECT a.n * 1000 + b.n, 'old', NULL"
            + (versions ? ", '2023-01-01', NULL, 1" : "")
            + " FROM "
            + numbers(KNOWN / 1000, "a")
            + ", "
            + numbers(1000, "b"));
    long before = rowsScanned();
    target.load(
        strategy,
        spec -> spec.withIncrementalKey("changed"),
        Source.items().items(0, 4 * Server.Database.ROWS_OF_TRANSACTION, "new"));

    // Once: scd2 looks for versions that are later than the run, and rows of temporary tables, of
    // which ranges are cut, count too. Each of the five ranges would add as much.
    assertThat(rowsScanned() - before).isLessThan(2L * KNOWN);
  }

  /** Each piece of what is deleted would be found by sorting all that is left. */
  @Test
  void aKeyThatComesVeryOftenIsNotSortedAgainAndAgain() throws Exception {
    int times = 20 * Server.Database.ROWS_OF_TRANSACTION;
    Source source = Source.items().in(1, 4000);
    for (int i = 0; i < times; i++) {
      source.row(7, "v" + i, null);
    }
    long before = rowsScanned();

    target.load(WriteStrategy.MERGE, source);

    assertThat(target.query("SELECT id, name FROM $t")).containsExactly("7|v" + (times - 1));
    assertThat(rowsScanned() - before).isLessThan(8L * times);
  }

  private static String numbers(int count, String alias) {
    return "(WITH RECURSIVE r AS (SELECT 0 n UNION ALL SELECT n + 1 FROM r WHERE n < %d) SELECT n FROM r) %s"
        .formatted(count - 1, alias);
  }

  private long rowsScanned() throws Exception {
    String row = target.query("SHOW GLOBAL STATUS LIKE 'Handler_read_rnd_next'").get(0);
    return Long.parseLong(row.substring(row.indexOf('|') + 1));
  }
}
