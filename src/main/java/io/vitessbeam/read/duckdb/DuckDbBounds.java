package io.vitessbeam.read.duckdb;

import io.vitessbeam.schema.Bound;
import io.vitessbeam.schema.QuotedName;
import java.math.BigDecimal;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Comparisons with the ends of an interval, which DuckDB would round to the column's type: to the
 * digits of a decimal, to a day, to a FLOAT.
 */
public final class DuckDbBounds {

  private static final int MOST_DIGITS = 38;
  private static final Pattern DECIMAL = Pattern.compile("DECIMAL\\(\\d+,\\s*(\\d+)\\)");
  private static final Set<String> INTEGERS =
      Set.of(
          "TINYINT",
          "SMALLINT",
          "INTEGER",
          "BIGINT",
          "HUGEINT",
          "UTINYINT",
          "USMALLINT",
          "UINTEGER",
          "UBIGINT");

  private DuckDbBounds() {}

  /**
   * Whether a value is on the inner side of a bound.
   *
   * @param type of the value, as DESCRIBE prints it
   */
  public static String within(String value, String type, Bound bound) {
    String compared = value + " " + bound.operator() + " ";
    return switch (bound.order()) {
      case NUMBER -> withinNumbers(compared, type, bound);
      case FLOATING -> compared + literal(bound.text(), "DOUBLE");
      case MOMENT -> compared + literal(bound.text(), "TIMESTAMP");
      case TIME, TEXT, NONE -> compared + QuotedName.literal(bound.text());
      case BYTES -> compared + "from_hex(" + QuotedName.literal(bound.hex()) + ")";
    };
  }

  /** With a bound of as many digits as the column has, nothing is rounded. */
  private static String withinNumbers(String compared, String type, Bound bound) {
    Matcher decimal = DECIMAL.matcher(type);
    if (!decimal.matches() && !INTEGERS.contains(type)) {
      return compared
          + (type.equals("DOUBLE") || type.equals("FLOAT")
              ? literal(bound.text(), "DOUBLE")
              : QuotedName.literal(bound.text()));
    }
    int scale = decimal.matches() ? Integer.parseInt(decimal.group(1)) : 0;
    BigDecimal number = bound.number(scale);
    if (number.precision() > MOST_DIGITS) {
      boolean everything = bound.low() == number.signum() < 0;
      return everything ? "true" : "false";
    }
    String own = decimal.matches() ? "DECIMAL(" + MOST_DIGITS + "," + scale + ")" : "HUGEINT";
    return compared + literal(number.toPlainString(), own);
  }

  private static String literal(String text, String type) {
    return "CAST(" + QuotedName.literal(text) + " AS " + type + ")";
  }
}
