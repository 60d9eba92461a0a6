package io.vitessbeam.write.strategy;

import io.vitessbeam.ConfigurationException;
import io.vitessbeam.DataException;
import io.vitessbeam.schema.Bound;
import io.vitessbeam.schema.ValueOrder;
import io.vitessbeam.write.LoadSpec;
import io.vitessbeam.write.TargetTable;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The rows of a target that delete+insert replaces: those in the interval that was asked for, else
 * in what the staged rows cover, and those without a value if there is one that comes without.
 */
final class ReplacedRows {

  private final Dialect dialect;
  private final LoadSpec spec;
  private final TargetTable table;
  private final LoadedColumn column;
  private final String name;
  private final String target;
  private final String staging;
  private final List<Bound> bounds;

  ReplacedRows(
      Dialect dialect,
      LoadSpec spec,
      TargetTable table,
      LoadedColumn column,
      String target,
      String staging) {
    this.dialect = dialect;
    this.spec = spec;
    this.table = table;
    this.column = column;
    this.name = dialect.quoted(column.name());
    this.target = target;
    this.staging = staging;
    this.bounds =
        Stream.of(spec.low(column.order()), spec.high(column.order()))
            .flatMap(Optional::stream)
            .toList();
  }

  /**
   * Passes if it can be told which rows these are, and all staged ones are among them.
   *
   * @throws DataException naming what can't be compared, or is outside
   */
  void require() throws SQLException {
    if (dialect.isText(column.type()) && column.order() != ValueOrder.TEXT) {
      requireReadable();
    }
    String outside =
        bounds.stream()
            .map(bound -> "NOT " + within(staged(), bound))
            .collect(Collectors.joining(" OR "));
    if (outside.isEmpty()) {
      return;
    }
    long rows = dialect.number("SELECT count(*) FROM %s s WHERE %s".formatted(staging, outside));
    if (rows > 0) {
      throw new DataException(
          "%d rows have a %s outside of the interval that they are to replace, from %s to %s"
              .formatted(rows, column.name(), spec.interval().start(), spec.interval().end()));
    }
  }

  private void requireReadable() throws SQLException {
    if (column.order().pattern().isEmpty()) {
      throw new ConfigurationException(
          "Column %s of %s is text, and is %s in the source: name another incremental key"
              .formatted(column.name(), table, column.order().noun()));
    }
    List<List<String>> other =
        dialect.rows(
            "SELECT t.%s FROM %s AS t WHERE NOT %s LIMIT 1"
                .formatted(name, target, dialect.matches("t." + name, column.order().pattern())));
    if (!other.isEmpty()) {
      throw UnreadableValue.isIn(
          table.toString(), column.name(), column.order(), other.get(0).get(0));
    }
  }

  void delete() throws SQLException {
    String replaced =
        "%s AS t WHERE (%s) OR (t.%s IS NULL AND EXISTS (SELECT 1 FROM %s s WHERE s.%s IS NULL))"
            .formatted(target, isReplaced(), name, staging, name);
    new CountedChanges(dialect, table).make("deleted", replaced, "DELETE FROM " + replaced);
  }

  private String isReplaced() {
    String value = dialect.ordered("t." + name, column);
    if (bounds.isEmpty()) {
      return value + " BETWEEN " + covered("ASC") + " AND " + covered("DESC");
    }
    return bounds.stream().map(bound -> within(value, bound)).collect(Collectors.joining(" AND "));
  }

  private String covered(String direction) {
    return "(SELECT %s FROM %s s WHERE s.%s IS NOT NULL ORDER BY 1 %s LIMIT 1)"
        .formatted(staged(), staging, name, direction);
  }

  private String staged() {
    return dialect.ordered(dialect.cast("s." + name, column), column);
  }

  private String within(String value, Bound bound) {
    return "(" + dialect.within(value, column, bound) + ")";
  }
}
