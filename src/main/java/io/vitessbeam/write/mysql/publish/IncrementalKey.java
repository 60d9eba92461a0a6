package io.vitessbeam.write.mysql.publish;

import io.vitessbeam.schema.Bound;
import io.vitessbeam.schema.SqlText;
import io.vitessbeam.schema.ValueOrder;
import io.vitessbeam.write.mysql.TableInfo.ColumnInfo;

/**
 * How the values of an incremental key compare: as those of the source, though the target may hold
 * them as text.
 *
 * @param staged the column as it is staged
 */
record IncrementalKey(ColumnInfo staged) {

  ValueOrder order() {
    return ValueOrder.of(staged.type().base());
  }

  /** Whether a column may hold texts that are no values of the source. */
  boolean isText(ColumnInfo there) {
    return order() != ValueOrder.TEXT && ValueOrder.of(there.type().base()) == ValueOrder.TEXT;
  }

  /** A value of a column in the form in which the interval's ends have it. */
  String ordered(String value, ColumnInfo there) {
    return switch (order()) {
      case TEXT -> "CAST(CONVERT(" + value + " USING utf8mb4) AS BINARY)";
      case NUMBER -> isText(there) ? "CAST(" + value + " AS DECIMAL(65,30))" : value;
      case FLOATING -> isText(there) ? "(" + value + " + 0)" : value;
      case MOMENT -> isText(there) ? "CAST(" + value + " AS DATETIME(6))" : value;
      case TIME -> isText(there) ? "CAST(" + value + " AS TIME(6))" : value;
      case BYTES, NONE -> value;
    };
  }

  /**
   * A value of a column as the staging table orders it, which is cut into pieces by that order.
   * Where the column has that order too, its index is of use.
   */
  String piece(String value, ColumnInfo there) {
    if (order() != ValueOrder.TEXT) {
      return ordered(value, there);
    }
    return there.collation().equals(staged.collation())
        ? value
        : "CONVERT(%s USING %s) COLLATE %s"
            .formatted(value, staged.characterSet(), staged.collation());
  }

  /** An end of the interval. */
  String literal(Bound bound) {
    return switch (order()) {
      case NUMBER -> bound.text();
      case FLOATING -> SqlText.literal(bound.text());
      case MOMENT -> "CAST(" + SqlText.literal(bound.text()) + " AS DATETIME(6))";
      case TIME -> "CAST(" + SqlText.literal(bound.text()) + " AS TIME(6))";
      case TEXT, BYTES -> "X'" + bound.hex() + "'";
      case NONE -> throw new IllegalArgumentException("no order");
    };
  }
}
