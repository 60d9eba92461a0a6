package io.vitessbeam.write.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitessbeam.WriteStrategy;
import org.junit.jupiter.api.Test;

/** However many rows there are, a transaction changes few of them. */
class LargeMergeIT {

  private static final int ROWS = 300_000;

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
}
