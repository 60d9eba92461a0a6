package io.vitessbeam.write.duckdb;

import io.vitessbeam.schema.Bound;
import io.vitessbeam.schema.ValueOrder;
import io.vitessbeam.write.duckdb.merge.Sql;
import io.vitessbeam.write.strategy.Dialect;
import io.vitessbeam.write.strategy.LoadedColumn;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What DuckDB writes in a way of its own. */
record DuckDbDialect(Connection connection) implements Dialect {

  private static final String TEXT = "VARCHAR";
  private static final int MOST_DIGITS = 38;

  /** More fractional digits than these MySQL's DECIMAL doesn't have. */
  private static final int TEXT_SCALE = 30;

  private static final Pattern DECIMAL = Pattern.compile("DECIMAL\\(\\d+,\\s*(\\d+)\\)");

  /** A number that is text, since it has more digits than a DECIMAL here, as a whole number. */
  private static final String SCALED =
      "TRY_CAST(split_part(%s, '.', 1) || rpad(split_part(%s, '.', 2), "
          + TEXT_SCALE
          + ", '0') AS BIGNUM)";

  /** How the values of a column are compared whose type may stand for several of MySQL's. */
  static ValueOrder order(String type, boolean longDecimal) {
    if (longDecimal) {
      return ValueOrder.NUMBER;
    }
    return switch (type) {
      case TEXT -> ValueOrder.TEXT;
      case "BLOB" -> ValueOrder.BYTES;
      case "FLOAT", "DOUBLE" -> ValueOrder.FLOATING;
      case "DATE", "TIMESTAMP", "TIMESTAMP WITH TIME ZONE" -> ValueOrder.MOMENT;
      case "INTERVAL" -> ValueOrder.TIME;
      case "JSON" -> ValueOrder.NONE;
      default -> ValueOrder.NUMBER;
    };
  }

  @Override
  public String quoted(String name) {
    return Sql.quoted(name);
  }

  @Override
  public String cast(String value, LoadedColumn column) {
    return "CAST(" + value + " AS " + column.type() + ")";
  }

  @Override
  public String ordered(String value, LoadedColumn column) {
    if (!isText(column.type())) {
      return value;
    }
    return switch (column.order()) {
      case NUMBER -> SCALED.replace("%s", value);
      case FLOATING -> "CAST(" + value + " AS DOUBLE)";
      case MOMENT -> "CAST(" + value + " AS TIMESTAMP)";
      case TIME -> "CAST(" + value + " AS INTERVAL)";
      // Whatever collation the column has.
      case TEXT -> value + " COLLATE C";
      case BYTES, NONE -> value;
    };
  }

  @Override
  public String same(String one, String other, LoadedColumn column) {
    return comparable(one, column) + " = " + comparable(other, column);
  }

  @Override
  public String differ(String one, String other, LoadedColumn column) {
    String different = comparable(one, column) + " IS DISTINCT FROM " + comparable(other, column);
    // A text that is no number is no NULL either.
    return different + " OR (" + one + " IS NULL) <> (" + other + " IS NULL)";
  }

  private String comparable(String value, LoadedColumn column) {
    return switch (column.order()) {
      case NUMBER, TEXT -> ordered(value, column);
      case FLOATING, MOMENT, TIME, BYTES, NONE -> value;
    };
  }

  @Override
  public String within(String ordered, LoadedColumn column, Bound bound) {
    String compared = ordered + " " + bound.operator() + " ";
    return switch (bound.order()) {
      case NUMBER -> withinNumbers(compared, column.type(), bound);
      case FLOATING -> compared + literal(bound.text(), "DOUBLE");
      case MOMENT -> compared + literal(bound.text(), "TIMESTAMP");
      case TIME -> compared + literal(bound.text(), "INTERVAL");
      case TEXT -> compared + Sql.literal(bound.text());
      case BYTES -> compared + "from_hex(" + Sql.literal(bound.hex()) + ")";
      case NONE -> throw new IllegalArgumentException("no order");
    };
  }

  /** DuckDB rounds a bound to the digits of the column, unless it has no more than these. */
  private static String withinNumbers(String compared, String type, Bound bound) {
    if (type.equals("FLOAT") || type.equals("DOUBLE")) {
      return compared + literal(bound.text(), "DOUBLE");
    }
    if (type.equals(TEXT)) {
      return compared + literal(bound.number(TEXT_SCALE).unscaledValue().toString(), "BIGNUM");
    }
    Matcher decimal = DECIMAL.matcher(type);
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
    return "CAST(" + Sql.literal(text) + " AS " + type + ")";
  }

  @Override
  public boolean isText(String type) {
    return type.equals(TEXT);
  }

  @Override
  public String matches(String text, String pattern) {
    return "regexp_full_match(" + text + ", " + Sql.literal(pattern) + ")";
  }

  @Override
  public String overriding() {
    return "";
  }

  @Override
  public void requireInsertable(String staged) {}

  /** Its indexes tell apart whatever differs, be the collation of a column what it may. */
  @Override
  public void requireKeysApart() {}

  @Override
  public boolean isDuplicateKey(SQLException e) {
    return DuckDbFailures.isDuplicateKey(e);
  }

  @Override
  public long update(String sql) throws SQLException {
    return Sql.update(connection, sql);
  }

  @Override
  public List<List<String>> rows(String query) throws SQLException {
    return Sql.rows(connection, query);
  }
}
