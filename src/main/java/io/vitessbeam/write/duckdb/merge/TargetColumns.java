package io.vitessbeam.write.duckdb.merge;

import io.vitessbeam.ConfigurationException;
import io.vitessbeam.schema.Column;
import io.vitessbeam.schema.TableSchema;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The columns of a table in a destination. DuckDB, like MySQL, takes names that differ only in case
 * for the same.
 */
public final class TargetColumns {

  private record Present(String name, String type, boolean nullable) {}

  private final Map<String, Present> columns = new HashMap<>();

  private TargetColumns() {}

  /**
   * Reads the columns of a table.
   *
   * @param where condition on {@code duckdb_columns()} that names the table
   */
  public static TargetColumns read(Connection connection, String where) throws SQLException {
    TargetColumns columns = new TargetColumns();
    String query =
        "SELECT column_name, data_type, is_nullable FROM duckdb_columns() WHERE " + where;
    for (List<String> row : Sql.rows(connection, query)) {
      columns.columns.put(
          lower(row.get(0)), new Present(row.get(0), row.get(1), Boolean.parseBoolean(row.get(2))));
    }
    return columns;
  }

  /** Whether the table has the columns that every table that follows a source has. */
  public boolean areFollowing() {
    return columns.keySet().containsAll(CdcColumns.NAMES);
  }

  /** Whether rows are told apart by the columns that are the key of the source. */
  public boolean haveKey(TableSchema schema) {
    return columns.values().stream()
        .filter(column -> !column.nullable() && !CdcColumns.NAMES.contains(lower(column.name())))
        .map(column -> lower(column.name()))
        .collect(Collectors.toSet())
        .equals(schema.primaryKey().stream().map(TargetColumns::lower).collect(Collectors.toSet()));
  }

  /**
   * Makes room for all columns of the source with all of their values. Columns that the source no
   * longer has stay.
   *
   * @param name of the table, quoted
   */
  public MergeTable evolve(Connection connection, String name, TableSchema schema)
      throws SQLException {
    List<String> statements = new ArrayList<>();
    Map<String, String> types = new HashMap<>();
    for (Column column : schema.columns()) {
      String wanted = column.type().base().duckDb(column.type());
      Present present = columns.get(lower(column.name()));
      String type = present == null ? wanted : WiderType.of(present.type(), wanted);
      types.put(column.name(), type);
      String alter = "ALTER TABLE " + name + " %s COLUMN " + Sql.quoted(column.name()) + " %s";
      if (present == null) {
        statements.add(alter.formatted("ADD", type));
      } else if (!type.equals(present.type())) {
        statements.add(alter.formatted("ALTER", "TYPE " + type));
      }
    }
    Sql.execute(connection, statements);
    return new MergeTable(name, schema, types);
  }

  /** Fails if a table that is to be followed was not written by following. */
  public void failUnlessFollowing(String table) {
    if (!areFollowing()) {
      throw new ConfigurationException(
          table
              + " is not a table that CDC wrote: it lacks "
              + String.join(", ", CdcColumns.NAMES)
              + "; run with --full-refresh to rebuild it, or choose another name");
    }
  }

  private static String lower(String name) {
    return name.toLowerCase(Locale.ROOT);
  }
}
