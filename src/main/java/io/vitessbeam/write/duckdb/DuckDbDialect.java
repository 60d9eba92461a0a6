package io.vitessbeam.write.duckdb;

import io.vitessbeam.read.duckdb.DuckDbBounds;
import io.vitessbeam.schema.Bound;
import io.vitessbeam.schema.ValueOrder;
import io.vitessbeam.write.duckdb.file.DuckDbFailures;
import io.vitessbeam.write.duckdb.file.DuckDbSql;
import io.vitessbeam.write.duckdb.merge.TargetColumns;
import io.vitessbeam.write.strategy.Dialect;
import io.vitessbeam.write.strategy.LoadedColumn;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** What DuckDB writes in a way of its own. */
record DuckDbDialect(Connection connection) implements Dialect {

  private static final String TEXT = "VARCHAR";

  /** More fractional digits than these MySQL's DECIMAL doesn't have. */
  private static final int TEXT_SCALE = 30;

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
    return DuckDbSql.quoted(name);
  }

  @Override
  public String cast(String value, LoadedColumn column) {
    return TargetColumns.cast(value, column.staged(), column.type());
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
    boolean longDecimal = bound.order() == ValueOrder.NUMBER && isText(column.type());
    return longDecimal
        ? "%s %s CAST('%s' AS BIGNUM)"
            .formatted(ordered, bound.operator(), bound.number(TEXT_SCALE).unscaledValue())
        : DuckDbBounds.within(ordered, column.type(), bound);
  }

  @Override
  public boolean isText(String type) {
    return type.equals(TEXT);
  }

  @Override
  public String matches(String text, String pattern) {
    return "regexp_full_match(" + text + ", " + DuckDbSql.literal(pattern) + ")";
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

  /** It has no triggers, rules and policies. */
  @Override
  public List<String> filters() {
    return List.of();
  }

  @Override
  public long update(String sql) throws SQLException {
    return DuckDbSql.update(connection, sql);
  }

  @Override
  public List<List<String>> rows(String query) throws SQLException {
    return DuckDbSql.rows(connection, query);
  }
}
