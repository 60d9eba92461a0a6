package io.vitessbeam.write.arrow;

import io.vitessbeam.schema.Column;
import io.vitessbeam.schema.ColumnType;
import io.vitessbeam.schema.WireNumbers;
import io.vitessbeam.schema.WireTemporals;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.BaseVariableWidthVector;
import org.apache.arrow.vector.DecimalVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.DateUnit;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;

/** Binds each MySQL type to its Arrow type and writer; DuckDB reads the same values out of it. */
final class ColumnWriters {

  /** Digits that a 16-byte decimal holds. A longer one travels, and stays exact, as text. */
  private static final int MAX_DECIMAL_DIGITS = 38;

  private ColumnWriters() {}

  static Field field(Column column) {
    return new Field(column.name(), new FieldType(true, arrowType(column.type()), null), null);
  }

  private static ArrowType arrowType(ColumnType type) {
    return switch (type.base()) {
      case TINYINT, SMALLINT, MEDIUMINT, INT, BIGINT, YEAR ->
          new ArrowType.Int(8 * integerWidth(type), !type.unsigned());
      case BIT -> new ArrowType.Int(64, false);
      case DECIMAL ->
          isNumber(type)
              ? new ArrowType.Decimal(Math.toIntExact(type.length()), type.scale(), 128)
              : new ArrowType.Utf8();
      case FLOAT -> new ArrowType.FloatingPoint(FloatingPointPrecision.SINGLE);
      case DOUBLE -> new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE);
      case DATE -> new ArrowType.Date(DateUnit.DAY);
      case DATETIME -> new ArrowType.Timestamp(TimeUnit.MICROSECOND, null);
      case TIMESTAMP -> new ArrowType.Timestamp(TimeUnit.MICROSECOND, "UTC");
      case TIME -> new ArrowType.Duration(TimeUnit.MICROSECOND);
      case CHAR, VARCHAR, TINYTEXT, TEXT, MEDIUMTEXT, LONGTEXT, ENUM, SET, JSON ->
          new ArrowType.Utf8();
      case BINARY, VARBINARY, TINYBLOB, BLOB, MEDIUMBLOB, LONGBLOB, GEOMETRY, VECTOR ->
          new ArrowType.Binary();
    };
  }

  static ColumnWriter writer(String table, Column column, FieldVector vector) {
    ColumnType type = column.type();
    return switch (type.base()) {
      case BIGINT ->
          type.unsigned()
              ? word(table, column, vector, WireNumbers::parseUnsignedLong)
              : integer(table, column, vector);
      case TINYINT, SMALLINT, MEDIUMINT, INT, YEAR -> integer(table, column, vector);
      case BIT -> word(table, column, vector, WireNumbers::parseBits);
      case DECIMAL ->
          isNumber(type)
              ? new DecimalWriter(table, column, (DecimalVector) vector)
              : variable(table, column, vector, true);
      case FLOAT -> new FloatWriter(table, column, (BaseFixedWidthVector) vector);
      case DOUBLE -> word(table, column, vector, ColumnWriters::doubleBits);
      case DATE -> new CalendarWriter(table, column, (BaseFixedWidthVector) vector, true);
      case DATETIME, TIMESTAMP ->
          new CalendarWriter(table, column, (BaseFixedWidthVector) vector, false);
      // An elapsed time in microseconds, of which DuckDB makes an INTERVAL without days.
      case TIME -> word(table, column, vector, WireTemporals::parseTimeMicros);
      case CHAR, VARCHAR, TINYTEXT, TEXT, MEDIUMTEXT, LONGTEXT, ENUM, SET, JSON ->
          variable(table, column, vector, true);
      case BINARY, VARBINARY, TINYBLOB, BLOB, MEDIUMBLOB, LONGBLOB, GEOMETRY, VECTOR ->
          variable(table, column, vector, false);
    };
  }

  private static ColumnWriter word(
      String table, Column column, FieldVector vector, WordWriter.Parser parser) {
    return new WordWriter(table, column, (BaseFixedWidthVector) vector, parser);
  }

  private static long doubleBits(byte[] bytes, int offset, int length) {
    return Double.doubleToRawLongBits(WireNumbers.parseDouble(bytes, offset, length));
  }

  private static ColumnWriter integer(String table, Column column, FieldVector vector) {
    ColumnType type = column.type();
    return new IntegerWriter(
        table, column, (BaseFixedWidthVector) vector, integerWidth(type), type.unsigned());
  }

  private static ColumnWriter variable(
      String table, Column column, FieldVector vector, boolean text) {
    return new VariableWriter(table, column, (BaseVariableWidthVector) vector, text);
  }

  private static boolean isNumber(ColumnType type) {
    return type.length() <= MAX_DECIMAL_DIGITS;
  }

  private static int integerWidth(ColumnType type) {
    return switch (type.base()) {
      case TINYINT -> 1;
      case SMALLINT, YEAR -> 2;
      case MEDIUMINT, INT -> 4;
      case BIGINT -> 8;
      default -> throw new IllegalArgumentException(type.base() + " is no integer");
    };
  }
}
