package io.vitessbeam.write.postgresql;

import io.vitessbeam.read.cursor.ValueText;
import io.vitessbeam.read.postgresql.PostgresqlColumn;
import io.vitessbeam.schema.Column;
import io.vitessbeam.schema.ColumnType;

/**
 * How a column is read in the form in which a source of the MySQL protocol prints its values, so
 * that they are the same bytes as those of the source. A column that holds them in another type
 * than the type table's is read as any other column of PostgreSQL.
 *
 * @param expression in the list of a SELECT from a table {@code t}
 */
record RawColumn(String expression, ValueText text) {

  private static final String MICROS = "HH24:MI:SS.US";
  private static final int MICROSECOND_DIGITS = 6;
  private static final int LONG_BYTES = 8;

  /**
   * @param column in its source
   * @param type of the column in PostgreSQL, as {@code format_type} spells it
   * @param other how any column of that type is read
   */
  static RawColumn of(Column column, String type, PostgresqlColumn other) {
    ColumnType source = column.type();
    String name = "t." + PostgresqlSql.quoted(column.name());
    if (type.equals(source.base().postgresql(source))) {
      switch (source.base()) {
        case BIT -> {
          return new RawColumn(bits(name, source), ValueText.HEX);
        }
        case YEAR -> {
          return new RawColumn("to_char(" + name + ", 'FM0000')", ValueText.PLAIN);
        }
        case DATETIME, TIMESTAMP -> {
          return new RawColumn(moment(name, source), ValueText.PLAIN);
        }
        case TIME -> {
          return new RawColumn(time(name, source), ValueText.PLAIN);
        }
        default -> {}
      }
    }
    return new RawColumn(other.expression(name), other.text());
  }

  /** The bytes of a BIT, the lowest last; of 64 bits as a signed number. */
  private static String bits(String name, ColumnType type) {
    int bytes = Math.toIntExact((type.length() + Byte.SIZE - 1) / Byte.SIZE);
    String number =
        type.length() == Long.SIZE
            ? "CAST(CASE WHEN %s >= 9223372036854775808 THEN %s - 18446744073709551616 ELSE %s END AS bigint)"
                .formatted(name, name, name)
            : name;
    return "substring(int8send(" + number + ") FROM " + (LONG_BYTES + 1 - bytes) + ")";
  }

  private static String moment(String name, ColumnType type) {
    int cut = type.scale() == 0 ? MICROSECOND_DIGITS + 1 : MICROSECOND_DIGITS - type.scale();
    String text = "to_char(" + name + ", 'YYYY-MM-DD " + MICROS + "')";
    return cut == 0 ? text : "left(" + text + ", -" + cut + ")";
  }

  /** An interval has all digits, whatever the column had. */
  private static String time(String name, ColumnType type) {
    String zeros =
        type.scale() == 0 ? "\\.0{6}$" : "0{1," + (MICROSECOND_DIGITS - type.scale()) + "}$";
    String negative = name + " < interval '0'";
    String text =
        "to_char(CASE WHEN "
            + negative
            + " THEN -"
            + name
            + " ELSE "
            + name
            + " END, '"
            + MICROS
            + "')";
    return "CASE WHEN "
        + negative
        + " THEN '-' ELSE '' END || "
        + (type.scale() == MICROSECOND_DIGITS
            ? text
            : "regexp_replace(" + text + ", " + PostgresqlSql.literal(zeros) + ", '')");
  }
}
