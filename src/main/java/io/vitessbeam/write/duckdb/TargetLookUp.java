package io.vitessbeam.write.duckdb;

import io.vitessbeam.read.duckdb.DuckDbColumn;
import io.vitessbeam.schema.Column;
import io.vitessbeam.schema.ColumnType;
import io.vitessbeam.schema.MysqlType;
import io.vitessbeam.schema.TableSchema;
import io.vitessbeam.write.TargetTable;
import io.vitessbeam.write.duckdb.file.DuckDbFailures;
import io.vitessbeam.write.duckdb.file.DuckDbFile;
import io.vitessbeam.write.duckdb.file.DuckDbSql;
import io.vitessbeam.write.duckdb.file.FileCatalog;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** Says which columns a table of a file has, in the types that we write them from. */
record TargetLookUp(DuckDbFile file) {

  Optional<TableSchema> table(TargetTable table) {
    String query =
        "SELECT column_name, data_type, is_nullable FROM duckdb_columns() WHERE "
            + FileCatalog.named(file.catalog(), table)
            + " ORDER BY column_index";
    try (Connection connection = file.connect()) {
      List<Column> columns =
          DuckDbSql.rows(connection, query).stream()
              .map(
                  row -> new Column(row.get(0), type(row.get(1)), Boolean.parseBoolean(row.get(2))))
              .toList();
      return columns.isEmpty()
          ? Optional.empty()
          : Optional.of(
              new TableSchema(FileCatalog.schemaOf(table), table.table(), columns, List.of()));
    } catch (SQLException e) {
      throw DuckDbFailures.during("Looking at " + table, file.path(), e);
    }
  }

  /** Our TIME columns are an INTERVAL, which a read of any table takes for text. */
  private static ColumnType type(String name) {
    return name.equals("INTERVAL")
        ? ColumnType.temporal(MysqlType.TIME, 6)
        : DuckDbColumn.of(name).type();
  }
}
