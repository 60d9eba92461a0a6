package io.vitessbeam.write.follow.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitessbeam.block.Block;
import io.vitessbeam.schema.Column;
import io.vitessbeam.schema.ColumnType;
import io.vitessbeam.schema.MysqlType;
import io.vitessbeam.schema.TableSchema;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The keys of changes, however many there are. */
class ChangedKeysTest {

  private static final int KEYS = 300_000;

  private static final TableSchema KEY =
      RawRows.of(
          new TableSchema(
              "shop",
              "t",
              List.of(new Column("id", ColumnType.of(MysqlType.VARCHAR, 36), false)),
              List.of("id")));

  /** Each once; those that were not asked for yet are still in the file. */
  @Test
  void keysAreTakenSomeAtATime() throws Exception {
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE TABLE changes AS SELECT encode('key ' || (i %% %d)) AS id,".formatted(KEYS)
              + " 2 AS \"_vitessbeam_kind\" FROM range(%d) r(i)".formatted(KEYS + 1_000));
      ChangedKeys keys = new ChangedKeys(connection, KEY, List.of("changes"));

      assertThat(count(keys.blocks())).isEqualTo(KEYS);

      Iterator<Block> blocks = keys.blocks();
      int first = blocks.next().rows();
      statement.execute("DELETE FROM temp.main.\"_vitessbeam_keys\"");
      assertThat(first + count(blocks)).isGreaterThanOrEqualTo(first).isLessThan(KEYS / 2);
    }
  }

  private static long count(Iterator<Block> blocks) {
    long rows = 0;
    while (blocks.hasNext()) {
      rows += blocks.next().rows();
    }
    return rows;
  }
}
