package io.vitessbeam.write.postgresql;

import io.vitessbeam.WriteStrategy;
import io.vitessbeam.write.TargetTable;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;

/** The columns of a table without which no row can be inserted. */
final class UnfilledColumns {

  private UnfilledColumns() {}

  /**
   * Names of columns that are NOT NULL and that neither rows nor PostgreSQL fill. A trigger before
   * an INSERT may fill any: then there are none.
   *
   * @param present the columns of the table
   * @param brought the columns that rows have
   */
  static List<String> find(
      PostgresqlSession session,
      TargetTable table,
      TableColumns present,
      Collection<String> brought)
      throws SQLException {
    List<String> unfilled =
        present.names().stream()
            .filter(present::isRequired)
            .filter(name -> present.filling(name) == Filling.NOTHING && !brought.contains(name))
            .toList();
    return unfilled.isEmpty()
            || !new RowFilters(session, table, WriteStrategy.APPEND).triggers().isEmpty()
        ? List.of()
        : unfilled;
  }

  /** What is wrong with a column, and what to do. */
  static String explain(TargetTable table, String column) {
    return "column %s of %s is NOT NULL and has no default, and the rows have no such column: ALTER"
            .formatted(column, table)
        + " TABLE %s ALTER COLUMN %s SET DEFAULT …, or DROP NOT NULL"
            .formatted(PostgresqlSql.quoted(table), PostgresqlSql.quoted(column));
  }
}
