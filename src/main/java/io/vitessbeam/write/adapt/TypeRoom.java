package io.vitessbeam.write.adapt;

import io.vitessbeam.schema.ColumnType;
import io.vitessbeam.schema.MysqlType;

/**
 * Whether a column of one type takes all values of another as they are, in every destination, and
 * keeps its type. What is not certain is not so.
 */
final class TypeRoom {

  private TypeRoom() {}

  static boolean isForAll(ColumnType column, ColumnType values) {
    if (column.equals(values)) {
      return true;
    }
    return switch (column.base()) {
      case TINYINT, SMALLINT, MEDIUMINT, INT, BIGINT ->
          isInteger(values) && IntegerRange.of(column).contains(IntegerRange.of(values));
      case DECIMAL -> isForDecimals(column, values);
      case DOUBLE -> values.base() == MysqlType.FLOAT;
      case DATE -> values.base() == MysqlType.DATE;
      case DATETIME ->
          values.base() == MysqlType.DATE
              || (values.base() == MysqlType.DATETIME && column.scale() >= values.scale());
      case TIMESTAMP, TIME -> column.base() == values.base() && column.scale() >= values.scale();
      case CHAR, VARCHAR, TINYTEXT, TEXT, MEDIUMTEXT, LONGTEXT ->
          TextConversions.isText(values)
              && TextConversions.mostBytes(column) >= textLength(column, values);
      case BINARY -> false;
      case VARBINARY, TINYBLOB, BLOB, MEDIUMBLOB, LONGBLOB ->
          TextConversions.isBytes(values)
              && TextConversions.mostBytes(column) >= TextConversions.mostBytes(values);
      case FLOAT, BIT, YEAR, ENUM, SET, JSON, GEOMETRY, VECTOR ->
          column.base() == values.base()
              && column.length() == values.length()
              && column.labels().equals(values.labels());
    };
  }

  private static boolean isInteger(ColumnType type) {
    return IntegerRange.isOf(type) && type.base() != MysqlType.BIT && type.base() != MysqlType.YEAR;
  }

  private static boolean isForDecimals(ColumnType column, ColumnType values) {
    long whole = column.length() - column.scale();
    if (values.base() == MysqlType.DECIMAL) {
      return column.scale() >= values.scale() && whole >= values.length() - values.scale();
    }
    return isInteger(values) && whole >= IntegerRange.of(values).digits();
  }

  /** A character has up to four bytes. */
  private static long textLength(ColumnType column, ColumnType values) {
    long most = TextConversions.mostBytes(values);
    boolean charactersInBytes = !isCounted(column) && isCounted(values);
    return charactersInBytes ? Math.min(4 * most, Integer.MAX_VALUE) : most;
  }

  private static boolean isCounted(ColumnType type) {
    return type.base() == MysqlType.CHAR || type.base() == MysqlType.VARCHAR;
  }
}
