package io.vitessbeam.schema;

import java.util.List;

/**
 * What becomes of values that MySQL stores in date columns and no calendar has: {@code 0000-00-00},
 * {@code 2024-02-00}, {@code 2024-02-31}.
 */
public enum ZeroDates {
  /** The read fails and names the column and the value. */
  FAIL,
  /** They are read as NULL; the columns become nullable. */
  NULL,
  /** DATE, DATETIME and TIMESTAMP columns are read as text, exactly as MySQL prints them. */
  TEXT;

  /** The schema under which a table is read with this choice. */
  public TableSchema applyTo(TableSchema schema) {
    if (this == FAIL) {
      return schema;
    }
    List<Column> columns = schema.columns().stream().map(this::applyTo).toList();
    return schema.withColumns(columns);
  }

  private Column applyTo(Column column) {
    return switch (column.type().base()) {
      case DATE, DATETIME, TIMESTAMP ->
          this == NULL
              ? column.withType(column.type().withZeroAsNull()).asNullable()
              : column.withType(ColumnType.of(MysqlType.VARCHAR, 26));
      default -> column;
    };
  }
}
