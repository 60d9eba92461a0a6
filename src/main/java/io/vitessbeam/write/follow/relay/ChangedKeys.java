package io.vitessbeam.write.follow.relay;

import io.vitessbeam.block.Block;
import io.vitessbeam.schema.Column;
import io.vitessbeam.schema.TableSchema;
import io.vitessbeam.write.duckdb.file.DuckDbSql;
import io.vitessbeam.write.duckdb.merge.CdcColumns;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Collectors;

/** The keys of the rows that staged changes are of, each once. */
final class ChangedKeys {

  private static final String KEYS = "temp.main.\"_vitessbeam_keys\"";

  private final Connection connection;
  private final TableSchema key;
  private final boolean all;

  /**
   * @param key its columns only
   * @param changes tables of staged changes, quoted
   */
  ChangedKeys(Connection connection, TableSchema key, List<String> changes) throws SQLException {
    this.connection = connection;
    this.key = key;
    String columns =
        key.columns().stream()
            .map(Column::name)
            .map(DuckDbSql::quoted)
            .collect(Collectors.joining(", "));
    // The kinds of changes to one row each; a TRUNCATE is one to all.
    String ofRows = " WHERE " + CdcColumns.KIND + " < 4";
    DuckDbSql.execute(
        connection,
        List.of(
            "CREATE OR REPLACE TEMP TABLE \"_vitessbeam_keys\" AS SELECT DISTINCT * FROM ("
                + changes.stream()
                    .map(table -> "SELECT " + columns + " FROM " + table + ofRows)
                    .collect(Collectors.joining(" UNION ALL "))
                + ")"));
    boolean truncated = false;
    for (String table : changes) {
      truncated |=
          DuckDbSql.number(
                  connection,
                  "SELECT count(*) FROM " + table + " WHERE " + CdcColumns.KIND + " = 4")
              > 0;
    }
    this.all = truncated;
  }

  /** Whether every row of the table is changed, whatever its key. */
  boolean areAll() {
    return all;
  }

  long count() throws SQLException {
    return DuckDbSql.number(connection, "SELECT count(*) FROM " + KEYS);
  }

  /** Some of them in memory at a time: there may be as many as rows that changed. */
  Iterator<Block> blocks() throws SQLException {
    return new MergedRows(connection, KEYS, key, "").blocks();
  }
}
