package io.vitessbeam.write.postgresql;

import io.vitessbeam.DataException;
import io.vitessbeam.schema.Bound;
import io.vitessbeam.schema.ValueOrder;
import io.vitessbeam.write.TargetTable;
import io.vitessbeam.write.strategy.Dialect;
import io.vitessbeam.write.strategy.LoadedColumn;
import java.sql.SQLException;
import java.util.List;

/**
 * What PostgreSQL writes in a way of its own.
 *
 * @param key columns that tell rows apart
 * @param filters what of the table may leave out rows of a load without an error
 * @param unfilled columns of the table that the rows of the load don't have, and nobody fills
 * @param blurred keys of the table that take different ones for the same
 */
record PostgresqlDialect(
    PostgresqlSession session,
    TargetTable table,
    List<String> key,
    List<String> filters,
    List<String> unfilled,
    BlurredKeys blurred)
    implements Dialect {

  private static final String UNIQUE_VIOLATION = "23505";

  /** How the values of a column are compared. */
  static ValueOrder order(String type) {
    if (isCharacters(type)) {
      return ValueOrder.TEXT;
    }
    if (type.equals("date") || type.startsWith("timestamp")) {
      return ValueOrder.MOMENT;
    }
    return switch (type) {
      case "bytea" -> ValueOrder.BYTES;
      case "real", "double precision" -> ValueOrder.FLOATING;
      case "interval" -> ValueOrder.TIME;
      case "json" -> ValueOrder.NONE;
      default -> ValueOrder.NUMBER;
    };
  }

  private static boolean isCharacters(String type) {
    return type.equals("text") || type.startsWith("character");
  }

  /** A value of a type in a form that orders: text byte by byte, as it is told apart too. */
  static String ordered(String value, String type) {
    return isCharacters(type) ? value + " COLLATE \"C\"" : value;
  }

  @Override
  public String quoted(String name) {
    return PostgresqlSql.quoted(name);
  }

  @Override
  public String cast(String value, LoadedColumn column) {
    return WiderType.cast(value, column.staged(), column.type());
  }

  @Override
  public String ordered(String value, LoadedColumn column) {
    if (column.type().equals("boolean")) {
      return value + "::integer";
    }
    if (!isText(column.type())) {
      return value;
    }
    return switch (column.order()) {
      case NUMBER -> "CAST(" + value + " AS numeric)";
      case FLOATING -> "CAST(" + value + " AS double precision)";
      case MOMENT -> "CAST(" + value + " AS timestamp)";
      case TIME -> "CAST(" + value + " AS interval)";
      case TEXT, BYTES, NONE -> ordered(value, column.type());
    };
  }

  @Override
  public String same(String one, String other, LoadedColumn column) {
    String equal = one + " = " + other;
    // By an index, and then whatever its collation takes for the same.
    return isText(column.type())
        ? equal + " AND " + ordered(one, column.type()) + " = " + ordered(other, column.type())
        : equal;
  }

  /** {@code json} has no equality. */
  @Override
  public String differ(String one, String other, LoadedColumn column) {
    String form = column.type().equals("json") ? "%s::text" : ordered("%s", column.type());
    return form.formatted(one) + " IS DISTINCT FROM " + form.formatted(other);
  }

  @Override
  public String within(String ordered, LoadedColumn column, Bound bound) {
    String value =
        switch (bound.order()) {
          case NUMBER -> literal(bound, "numeric");
          case FLOATING -> literal(bound, "double precision");
          case MOMENT -> literal(bound, "timestamp");
          case TIME -> literal(bound, "interval");
          case TEXT -> PostgresqlSql.literal(bound.text());
          case BYTES -> "decode(" + PostgresqlSql.literal(bound.hex()) + ", 'hex')";
          case NONE -> throw new IllegalArgumentException("no order");
        };
    return ordered + " " + bound.operator() + " " + value;
  }

  private static String literal(Bound bound, String type) {
    return "CAST(" + PostgresqlSql.literal(bound.text()) + " AS " + type + ")";
  }

  @Override
  public boolean isText(String type) {
    return isCharacters(type);
  }

  @Override
  public String matches(String text, String pattern) {
    return text + " ~ " + PostgresqlSql.literal("^(" + pattern + ")$");
  }

  @Override
  public String overriding() {
    return PostgresqlSql.OVERRIDING;
  }

  /** Where every row is known, all columns have their values. */
  @Override
  public void requireInsertable(String staged) throws SQLException {
    if (unfilled.isEmpty()) {
      return;
    }
    List<List<String>> rows =
        rows("SELECT " + PostgresqlSql.quoted(key) + " FROM " + staged + " LIMIT 1");
    if (!rows.isEmpty()) {
      throw new DataException(
          "The row with %s %s is new and can't be inserted: %s"
              .formatted(
                  String.join(", ", key),
                  String.join(", ", rows.get(0)),
                  UnfilledColumns.explain(table, unfilled.get(0))));
    }
  }

  @Override
  public void requireKeysApart() throws SQLException {
    blurred.requireNoOther();
  }

  @Override
  public boolean isDuplicateKey(SQLException e) {
    return UNIQUE_VIOLATION.equals(e.getSQLState());
  }

  @Override
  public long update(String sql) throws SQLException {
    return session.update(sql);
  }

  @Override
  public List<List<String>> rows(String query) throws SQLException {
    return session.rows(query);
  }
}
