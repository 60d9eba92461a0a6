package io.vitessbeam.schema;

import java.util.function.Function;

/**
 * The PostgreSQL side of the type table, as a destination. An unsigned integer gets the next wider
 * type; a CHAR does not become {@code character}, which gives back blanks that MySQL does not; JSON
 * keeps its text, of which {@code jsonb} would lose key order and the escape for NUL.
 */
final class PostgresqlColumnTypes {

  /** Bits that a signed 64-bit integer holds. */
  private static final int MOST_BITS = 63;

  private static final int FULL_FRACTION = 6;

  private PostgresqlColumnTypes() {}

  static Function<ColumnType, String> always(String type) {
    return column -> type;
  }

  static Function<ColumnType, String> integer(String signed, String unsigned) {
    return column -> column.unsigned() ? unsigned : signed;
  }

  static String tinyInt(ColumnType type) {
    return type.isTruth() ? "boolean" : "smallint";
  }

  static String decimal(ColumnType type) {
    return "numeric(" + type.length() + "," + type.scale() + ")";
  }

  /** A number, as everywhere: PostgreSQL's own bit strings are widened at their end. */
  static String bit(ColumnType type) {
    return type.length() > MOST_BITS ? "numeric(20,0)" : "bigint";
  }

  static String dateTime(ColumnType type) {
    return "timestamp" + fraction(type) + " without time zone";
  }

  static String timestamp(ColumnType type) {
    return "timestamp" + fraction(type) + " with time zone";
  }

  private static String fraction(ColumnType type) {
    return "(" + Math.min(type.scale(), FULL_FRACTION) + ")";
  }

  /** A length of 0 is one that nobody knows. */
  static String character(ColumnType type) {
    return type.length() == 0 ? "text" : "character varying(" + type.length() + ")";
  }
}
