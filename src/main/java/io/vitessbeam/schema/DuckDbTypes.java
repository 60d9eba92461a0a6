package io.vitessbeam.schema;

import java.util.function.Function;

/** The DuckDB side of the type table. */
final class DuckDbTypes {

  /** Digits that a DuckDB DECIMAL holds; MySQL's holds 65. */
  private static final int MAX_DECIMAL_DIGITS = 38;

  private DuckDbTypes() {}

  static Function<ColumnType, String> always(String type) {
    return column -> type;
  }

  static Function<ColumnType, String> integer(String signedType) {
    return column -> column.unsigned() ? "U" + signedType : signedType;
  }

  /** A longer decimal stays exact as text. */
  static String decimal(ColumnType type) {
    return type.length() <= MAX_DECIMAL_DIGITS
        ? "DECIMAL(" + type.length() + "," + type.scale() + ")"
        : "VARCHAR";
  }
}
