package io.vitessbeam.write.duckdb.merge;

import io.vitessbeam.ConfigurationException;
import io.vitessbeam.schema.Column;
import io.vitessbeam.schema.TableSchema;
import io.vitessbeam.write.UnfitColumn;
import io.vitessbeam.write.duckdb.file.DuckDbSql;
import io.vitessbeam.write.follow.FollowedTables;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
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

  private final String table;
  private final Map<String, Present> columns = new LinkedHashMap<>();

  private TargetColumns(String table) {
    this.table = table;
  }

  /**
   * Reads the columns of a table.
   *
   * @param table for messages
   * @param where condition on {@code duckdb_columns()} that names the table
   */
  public static TargetColumns read(Connection connection, String table, String where)
      throws SQLException {
    TargetColumns columns = new TargetColumns(table);
    String query =
        "SELECT column_name, data_type, is_nullable FROM duckdb_columns() WHERE "
            + where
            + " ORDER BY column_index";
    for (List<String> row : DuckDbSql.rows(connection, query)) {
      columns.columns.put(
          lower(row.get(0)), new Present(row.get(0), row.get(1), Boolean.parseBoolean(row.get(2))));
    }
    return columns;
  }

  /** Whether the table has the columns that every table that follows a source has. */
  public boolean areFollowing() {
    return FollowedTables.areFollowing(names());
  }

  public List<String> names() {
    return columns.values().stream().map(Present::name).toList();
  }

  /** Whether rows are told apart by the columns that are the key of the source. */
  public boolean haveKey(TableSchema schema) {
    return columns.values().stream()
        .filter(
            column -> !column.nullable() && !FollowedTables.COLUMNS.contains(lower(column.name())))
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
    Map<String, String> wanted = new LinkedHashMap<>();
    for (Column column : schema.columns()) {
      wanted.put(column.name(), column.type().base().duckDb(column.type()));
    }
    DuckDbSql.execute(connection, alterations(name, wanted));
    Map<String, String> types = new HashMap<>();
    wanted.forEach((column, type) -> types.put(column, typeFor(column, type)));
    return new MergeTable(name, schema, types);
  }

  /**
   * The statements that make room for all values of some columns.
   *
   * @param name of the table, quoted
   * @param wanted types of the columns, by name
   */
  public List<String> alterations(String name, Map<String, String> wanted) {
    List<String> statements = new ArrayList<>();
    wanted.forEach(
        (column, type) -> {
          Present present = columns.get(lower(column));
          String quoted = DuckDbSql.quoted(column);
          if (present == null) {
            statements.add("ALTER TABLE %s ADD COLUMN %s %s".formatted(name, quoted, type));
          } else if (!typeFor(column, type).equals(present.type())) {
            String wider = typeFor(column, type);
            statements.add(
                "ALTER TABLE %s ALTER COLUMN %s TYPE %s USING %s"
                    .formatted(
                        name, quoted, wider, DuckDbWiderType.cast(quoted, present.type(), wider)));
          }
        });
    return statements;
  }

  /**
   * The type that a column has when there is room for values of a type.
   *
   * @throws ConfigurationException if there can be none
   */
  public String typeFor(String column, String wanted) {
    Present present = columns.get(lower(column));
    return present == null
        ? wanted
        : DuckDbWiderType.of(present.type(), wanted)
            .orElseThrow(
                () ->
                    new ConfigurationException(
                        UnfitColumn.message(column + " of " + table, present.type(), wanted)));
  }

  /** A value as a column holds it that {@link #typeFor} has made room in. */
  public static String cast(String expression, String from, String type) {
    return DuckDbWiderType.cast(expression, from, type);
  }

  /** The types of the columns in their order, by name; a type that forbids NULL ends so. */
  public Map<String, String> definitions() {
    Map<String, String> definitions = new LinkedHashMap<>();
    columns
        .values()
        .forEach(
            column ->
                definitions.put(
                    column.name(), column.type() + (column.nullable() ? "" : " NOT NULL")));
    return definitions;
  }

  /** The types of the columns in their order, by name. */
  public Map<String, String> types() {
    Map<String, String> types = new LinkedHashMap<>();
    columns.values().forEach(column -> types.put(column.name(), column.type()));
    return types;
  }

  /** Whether the table has a column. */
  public boolean contain(String column) {
    return columns.containsKey(lower(column));
  }

  private static String lower(String name) {
    return name.toLowerCase(Locale.ROOT);
  }
}
