package io.vitessbeam.read.resolve;

import com.mysql.cj.result.Field;
import io.vitessbeam.schema.Column;
import io.vitessbeam.schema.ColumnType;
import io.vitessbeam.schema.MysqlType;
import java.util.List;
import java.util.Optional;

/** What the server says of the columns of a result. */
public final class ResultColumns {

  private ResultColumns() {}

  /** The type of a column of a result. */
  static ColumnType type(Field field) {
    return switch (field.getMysqlType()) {
      case DECIMAL, DECIMAL_UNSIGNED ->
          ColumnType.decimal(decimalDigits(field), field.getDecimals());
      case TINYINT, BOOLEAN -> ColumnType.of(MysqlType.TINYINT);
      case TINYINT_UNSIGNED -> ColumnType.unsigned(MysqlType.TINYINT);
      case SMALLINT -> ColumnType.of(MysqlType.SMALLINT);
      case SMALLINT_UNSIGNED -> ColumnType.unsigned(MysqlType.SMALLINT);
      case MEDIUMINT -> ColumnType.of(MysqlType.MEDIUMINT);
      case MEDIUMINT_UNSIGNED -> ColumnType.unsigned(MysqlType.MEDIUMINT);
      case INT -> ColumnType.of(MysqlType.INT);
      case INT_UNSIGNED -> ColumnType.unsigned(MysqlType.INT);
      case BIGINT -> ColumnType.of(MysqlType.BIGINT);
      case BIGINT_UNSIGNED -> ColumnType.unsigned(MysqlType.BIGINT);
      case FLOAT, FLOAT_UNSIGNED -> ColumnType.of(MysqlType.FLOAT);
      case DOUBLE, DOUBLE_UNSIGNED -> ColumnType.of(MysqlType.DOUBLE);
      case BIT -> ColumnType.of(MysqlType.BIT, field.getLength());
      case DATE -> ColumnType.of(MysqlType.DATE);
      case DATETIME -> ColumnType.temporal(MysqlType.DATETIME, field.getDecimals());
      case TIMESTAMP -> ColumnType.temporal(MysqlType.TIMESTAMP, field.getDecimals());
      case TIME -> ColumnType.temporal(MysqlType.TIME, field.getDecimals());
      case YEAR -> ColumnType.of(MysqlType.YEAR);
      case JSON -> ColumnType.of(MysqlType.JSON);
      case GEOMETRY -> ColumnType.of(MysqlType.GEOMETRY);
      case VECTOR -> ColumnType.of(MysqlType.VECTOR);
      case BINARY, VARBINARY, TINYBLOB, BLOB, MEDIUMBLOB, LONGBLOB ->
          ColumnType.of(MysqlType.VARBINARY, field.getLength());
      default -> ColumnType.of(MysqlType.LONGTEXT);
    };
  }

  /** The driver has taken sign and point off the display length already. */
  private static int decimalDigits(Field field) {
    return (int) Math.max(field.getLength(), Math.max(1, field.getDecimals()));
  }

  /** Why a result is not that of the columns that were planned, as a clause. */
  public static Optional<String> differenceFrom(List<Column> planned, Field[] fields) {
    if (fields.length != planned.size()) {
      return Optional.of("it has %d columns, not %d".formatted(fields.length, planned.size()));
    }
    for (int i = 0; i < fields.length; i++) {
      Column column = planned.get(i);
      // Read as an expression, a FLOAT is a DOUBLE and has no name of its own.
      boolean expression = column.type().base() == MysqlType.FLOAT;
      ColumnType read = type(fields[i]);
      if (expression
          ? read.base() != MysqlType.DOUBLE
          : !column.name().equals(fields[i].getName())) {
        return Optional.of("column %s is not there as it was".formatted(column.name()));
      }
      if (!expression && !isSame(column.type(), read)) {
        return Optional.of(
            "column %s is %s now, not %s"
                .formatted(column.name(), print(read), print(column.type())));
      }
    }
    return Optional.empty();
  }

  /**
   * Whether values that were meant to be of one type are so, though they are said to be of another.
   */
  private static boolean isSame(ColumnType planned, ColumnType read) {
    return switch (planned.base()) {
      case TINYINT, SMALLINT, MEDIUMINT, INT, BIGINT ->
          planned.base() == read.base() && planned.unsigned() == read.unsigned();
      case DECIMAL ->
          planned.base() == read.base()
              && planned.length() == read.length()
              && planned.scale() == read.scale();
      case DATETIME, TIMESTAMP, TIME ->
          planned.base() == read.base() && planned.scale() == read.scale();
      case FLOAT, DOUBLE, DATE, YEAR, JSON, BIT -> planned.base() == read.base();
      // Texts are said to be bytes, by their collation, and dates are read as texts on request.
      default ->
          switch (read.base()) {
            case TINYINT, SMALLINT, MEDIUMINT, INT, BIGINT, DECIMAL, FLOAT, DOUBLE, YEAR, BIT ->
                false;
            default -> true;
          };
    };
  }

  private static String print(ColumnType type) {
    String size =
        type.base() == MysqlType.DECIMAL
            ? "(" + type.length() + "," + type.scale() + ")"
            : type.scale() > 0 ? "(" + type.scale() + ")" : "";
    return type.base() + size + (type.unsigned() ? " UNSIGNED" : "");
  }
}
