package io.vitessbeam.write.duckdb.merge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitessbeam.DataException;
import io.vitessbeam.schema.Column;
import io.vitessbeam.schema.ColumnType;
import io.vitessbeam.schema.MysqlType;
import io.vitessbeam.schema.TableSchema;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import org.duckdb.DuckDBDriver;
import org.junit.jupiter.api.Test;

/** What the statements of a merge did is compared with what was decided. */
class DecidedRowsTest {

  private static final MergeTable TABLE =
      MergeTable.like(
          "t",
          new TableSchema(
              "shop",
              "t",
              List.of(new Column("id", ColumnType.of(MysqlType.BIGINT), false)),
              List.of("id")));

  @Test
  void eachDecisionIsARowAndTakesThePlaceOfOne() throws Exception {
    try (Connection connection = new DuckDBDriver().connect("jdbc:duckdb:", null);
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE t (id BIGINT); INSERT INTO t VALUES (1), (2), (3), (4)");
      statement.execute(
          "CREATE TEMP TABLE \"_vitessbeam_decisions\" AS SELECT * FROM (VALUES"
              + " (true, NULL, NULL), (true, true, 0), (true, false, 1), (false, false, 2),"
              + " (false, true, 3)) d(live, was, rid)");
      DecidedRows decided = DecidedRows.count(connection);
      assertThat(decided).isEqualTo(new DecidedRows(new MergeCounts(2, 1, 1), 5, 4));

      decided.requireInserted(TABLE, 5);
      assertThatThrownBy(() -> decided.requireInserted(TABLE, 4))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("shop.t is not published")
          .hasMessageContaining("of 5 rows to be inserted in the merge of its changes 4 were");

      decided.removeOld(connection, TABLE);
      assertThatThrownBy(() -> decided.removeOld(connection, TABLE))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("of 4 rows to be removed in the merge of its changes 0 were");
    }
  }
}
