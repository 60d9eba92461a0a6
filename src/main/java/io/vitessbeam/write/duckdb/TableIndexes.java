package io.vitessbeam.write.duckdb;

import io.vitessbeam.ConfigurationException;
import io.vitessbeam.write.duckdb.file.DuckDbSql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The indexes that a user made on a table of a file. DuckDB takes no other type for a column of a
 * table that has any, not even where they are dropped in the same transaction, and drops them with
 * the table.
 */
record TableIndexes(Connection connection, String table, List<Index> indexes) {

  /** How DuckDB says that something depends on what is to be altered. */
  private static final Pattern IN_THE_WAY = Pattern.compile("depends? on it");

  /**
   * An index.
   *
   * @param sql creates it
   */
  record Index(String name, String sql) {}

  /**
   * Those that are there now.
   *
   * @param table for messages
   * @param where condition on {@code duckdb_indexes()} that names the table
   */
  static TableIndexes read(Connection connection, String table, String where) throws SQLException {
    return new TableIndexes(
        connection,
        table,
        DuckDbSql.rows(connection, "SELECT index_name, sql FROM duckdb_indexes() WHERE " + where)
            .stream()
            .map(row -> new Index(row.get(0), row.get(1)))
            .toList());
  }

  /**
   * Changes the columns of the table.
   *
   * @throws ConfigurationException naming the indexes if one is in the way
   */
  <T> T altering(DuckDbSql.Work<T> alteration) throws SQLException {
    try {
      return alteration.run();
    } catch (SQLException e) {
      if (indexes.isEmpty() || !IN_THE_WAY.matcher(String.valueOf(e.getMessage())).find()) {
        throw e;
      }
      throw new ConfigurationException(
          "A column of %s gets another type, and DuckDB alters no table that has an index (%s): drop it, run, and create it again; or run with --full-refresh, which keeps it"
              .formatted(table, names()),
          e);
    }
  }

  /** Creates them on the table that took the place of the one that had them. */
  void createAgain() throws SQLException {
    for (Index index : indexes) {
      try {
        DuckDbSql.execute(connection, List.of(index.sql()));
      } catch (SQLException e) {
        throw new ConfigurationException(
            "The index %s of %s can't be created again on the new copy of the table (%s); drop it and run again"
                .formatted(index.name(), table, e.getMessage().lines().findFirst().orElse("")),
            e);
      }
    }
  }

  private String names() {
    return indexes.stream().map(Index::name).collect(Collectors.joining(", "));
  }
}
