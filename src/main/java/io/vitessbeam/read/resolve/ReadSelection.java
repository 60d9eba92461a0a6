package io.vitessbeam.read.resolve;

import io.vitessbeam.ConfigurationException;
import io.vitessbeam.schema.Bound;
import io.vitessbeam.schema.ValueOrder;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Which rows of what a user asked for, whatever the source; not yet checked against it. Empty text
 * stands for "not given".
 *
 * @param table name of a table as the source writes it
 * @param query a SELECT, instead of a table
 * @param without columns to leave out
 * @param incrementalKey column that {@code from} and {@code to} bound, both inclusive
 * @param limit most rows to read, -1 for all
 */
public record ReadSelection(
    String table,
    String query,
    List<String> without,
    String incrementalKey,
    String from,
    String to,
    long limit)
    implements Serializable {

  public static final ReadSelection NONE = new ReadSelection("", "", List.of(), "", "", "", -1);

  private static final Set<String> READING =
      Set.of("select", "with", "(", "values", "table", "from");

  public ReadSelection {
    without = List.copyOf(without);
  }

  public ReadSelection withTable(String newTable) {
    return new ReadSelection(newTable, query, without, incrementalKey, from, to, limit);
  }

  public ReadSelection withQuery(String newQuery) {
    return new ReadSelection(table, newQuery, without, incrementalKey, from, to, limit);
  }

  public ReadSelection without(List<String> columns) {
    return new ReadSelection(table, query, columns, incrementalKey, from, to, limit);
  }

  public ReadSelection withInterval(String column, String start, String end) {
    return new ReadSelection(table, query, without, column, start, end, limit);
  }

  /**
   * The ends of the interval that are given.
   *
   * @param order of the incremental key; where databases agree on none it is compared with the text
   * @throws ConfigurationException if one is no value of the column
   */
  public List<Bound> bounds(ValueOrder order) {
    ValueOrder known = order == ValueOrder.NONE ? ValueOrder.TEXT : order;
    List<Bound> bounds = new ArrayList<>();
    if (!from.isEmpty()) {
      bounds.add(Bound.of(incrementalKey, known, true, from));
    }
    if (!to.isEmpty()) {
      bounds.add(Bound.of(incrementalKey, known, false, to));
    }
    return bounds;
  }

  public ReadSelection withLimit(long rows) {
    return new ReadSelection(table, query, without, incrementalKey, from, to, rows);
  }

  /**
   * The query with the interval in it, ready to be sent.
   *
   * @param literal writes a text as a literal of the source
   * @throws ConfigurationException for what does not go with a query
   */
  public String statement(UnaryOperator<String> literal) {
    requireUnset(!without.isEmpty(), "columns can't be excluded from");
    requireUnset(limit >= 0, "a limit can't be set for");
    requireUnset(!incrementalKey.isEmpty(), "an incremental key can't be set for");
    String sql = query.strip();
    while (sql.endsWith(";")) {
      sql = sql.substring(0, sql.length() - 1).strip();
    }
    String lower = sql.toLowerCase(Locale.ROOT);
    if (READING.stream().noneMatch(lower::startsWith)) {
      throw new ConfigurationException("A query has to begin with SELECT or WITH");
    }
    sql = replace(sql, ":interval_start", from, literal);
    return replace(sql, ":interval_end", to, literal);
  }

  private static void requireUnset(boolean set, String what) {
    if (set) {
      throw new ConfigurationException(what + " a query; write it into the query");
    }
  }

  private static String replace(
      String sql, String placeholder, String value, UnaryOperator<String> literal) {
    if (!sql.contains(placeholder)) {
      return sql;
    }
    if (value.isEmpty()) {
      throw new ConfigurationException(
          "The query has " + placeholder + ", and no such bound of the interval is given");
    }
    return sql.replace(placeholder, literal.apply(value));
  }
}
