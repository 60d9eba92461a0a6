package io.vitessbeam.write.strategy;

import io.vitessbeam.schema.Bound;
import java.sql.SQLException;
import java.util.List;

/** What a database writes in a way of its own, and its transaction. */
public interface Dialect {

  String quoted(String name);

  /** A staged value as the target holds it. */
  String cast(String value, LoadedColumn column);

  /** A value of the target's type in a form whose order is that of the source's values. */
  String ordered(String value, LoadedColumn column);

  /** Whether two values of the target's type are the same; not true if one is NULL. */
  String same(String one, String other, LoadedColumn column);

  /** Whether two values of the target's type differ; NULL differs from all others. */
  String differ(String one, String other, LoadedColumn column);

  /** Whether an {@link #ordered} value is on the inner side of a bound. */
  String within(String ordered, LoadedColumn column, Bound bound);

  /** Whether the target has text where the source may have something else. */
  boolean isText(String type);

  /** Whether a text is as a regular expression says, from its beginning to its end. */
  String matches(String text, String pattern);

  /** What stands between the columns of an INSERT and its SELECT. */
  String overriding();

  /**
   * Passes if rows of the staging table can become rows of the target.
   *
   * @param staged the rows, as what stands after FROM
   */
  void requireInsertable(String staged) throws SQLException;

  /**
   * Passes if no staged row has a key that only the target takes for that of a row that it has.
   *
   * @throws io.vitessbeam.DataException with both keys
   */
  void requireKeysApart() throws SQLException;

  /** Whether a row was refused for the key that it has. */
  boolean isDuplicateKey(SQLException e);

  /** What of the target may leave out rows, or leave them as they are, without an error. */
  List<String> filters();

  /** Runs a statement; gives the number of rows that it changed. */
  long update(String sql) throws SQLException;

  /** The number that a query gives. */
  default long number(String query) throws SQLException {
    return Long.parseLong(rows(query).get(0).get(0));
  }

  /** All rows of a query, as text. */
  List<List<String>> rows(String query) throws SQLException;
}
