package io.vitessbeam.read.resolve;

import io.vitessbeam.ConfigurationException;
import io.vitessbeam.schema.Bound;
import io.vitessbeam.schema.ValueOrder;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * What a selection makes of a table whose columns are known, for databases that write literals as
 * the SQL standard does.
 *
 * @param columns to read, in the table's order
 */
public record SelectParts(ReadSelection selection, List<String> columns) {

  public SelectParts {
    columns = List.copyOf(columns);
  }

  /**
   * Checks a selection.
   *
   * @param table for messages
   * @param all columns of the table
   * @throws ConfigurationException for a column that is not there, or if none is left
   */
  public static SelectParts of(ReadSelection selection, String table, List<String> all) {
    for (String column : selection.without()) {
      require(all, column, table, "to exclude");
    }
    List<String> columns = new ArrayList<>(all);
    columns.removeAll(selection.without());
    if (columns.isEmpty()) {
      throw new ConfigurationException(
          "All columns of " + table + " are excluded; leave one at least");
    }
    if (!selection.incrementalKey().isEmpty()) {
      require(all, selection.incrementalKey(), table, "to use as incremental key");
    }
    return new SelectParts(selection, columns);
  }

  private static void require(List<String> all, String column, String table, String purpose) {
    if (!all.contains(column)) {
      throw new ConfigurationException(
          table
              + " has no column "
              + column
              + " "
              + purpose
              + "; it has "
              + String.join(", ", all));
    }
  }

  /** Fails if a query gives two columns of a name. */
  public static void requireDistinct(List<String> names) {
    Set<String> seen = new HashSet<>();
    for (String name : names) {
      if (!seen.add(name)) {
        throw new ConfigurationException(
            "The query gives two columns named " + name + "; name one otherwise with AS");
      }
    }
  }

  /**
   * A WHERE clause for the interval, with a blank before it; empty for none.
   *
   * @param order of the incremental key
   * @param within a condition that holds for the values on the inner side of a bound
   */
  public String where(ValueOrder order, Function<Bound, String> within) {
    if (selection.incrementalKey().isEmpty()) {
      return "";
    }
    List<String> conditions = selection.bounds(order).stream().map(within).toList();
    return conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions);
  }

  /** A LIMIT clause with a blank before it; empty for none. */
  public String limit() {
    return selection.limit() < 0 ? "" : " LIMIT " + selection.limit();
  }
}
