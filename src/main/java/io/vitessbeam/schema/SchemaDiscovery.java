package io.vitessbeam.schema;

import io.vitessbeam.ConfigurationException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Reads the schema of a table from {@code information_schema}. The connection must be targeted at
 * one shard: there the statements reach MySQL unchanged, whereas vtgate rewrites them for a whole
 * keyspace and answers from any shard.
 */
public final class SchemaDiscovery {

  private final Connection connection;

  public SchemaDiscovery(Connection connection) {
    this.connection = connection;
  }

  /** A table's schema and whether it is a view. */
  public record Found(TableSchema schema, boolean view) {}

  /** The table, or nothing if no table or view has exactly this name. */
  public Optional<Found> table(TableName name) throws SQLException {
    String type = null;
    // The comparison in information_schema ignores case, ours doesn't.
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT TABLE_NAME, TABLE_TYPE FROM information_schema.TABLES" + where(name))) {
      while (rows.next()) {
        if (rows.getString(1).equals(name.table())) {
          type = rows.getString(2);
        }
      }
    }
    if (type == null) {
      return Optional.empty();
    }
    TableSchema schema =
        new TableSchema(name.keyspace(), name.table(), columns(name), primaryKey(name));
    return Optional.of(new Found(schema, type.endsWith("VIEW")));
  }

  /** The names of the tables and views that are there, without Vitess's internal ones. */
  public List<String> tableNames() throws SQLException {
    TreeSet<String> names = new TreeSet<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA ="
                    + " DATABASE()")) {
      while (rows.next()) {
        if (!rows.getString(1).startsWith("_vt_")) {
          names.add(rows.getString(1));
        }
      }
    }
    return List.copyOf(names);
  }

  private List<Column> columns(TableName name) throws SQLException {
    List<Column> columns = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT TABLE_NAME, COLUMN_NAME, DATA_TYPE, COLUMN_TYPE, IS_NULLABLE,"
                    + " CHARACTER_MAXIMUM_LENGTH, NUMERIC_PRECISION, NUMERIC_SCALE,"
                    + " DATETIME_PRECISION FROM information_schema.COLUMNS"
                    + where(name)
                    + " ORDER BY ORDINAL_POSITION")) {
      while (rows.next()) {
        if (rows.getString(1).equals(name.table())) {
          columns.add(
              new Column(rows.getString(2), type(name, rows), "YES".equals(rows.getString(5))));
        }
      }
    }
    return columns;
  }

  private static ColumnType type(TableName name, ResultSet row) throws SQLException {
    MysqlType base;
    try {
      base = MysqlType.named(row.getString(3));
    } catch (IllegalArgumentException e) {
      throw new ConfigurationException(
          "Column "
              + row.getString(2)
              + " of "
              + name
              + " has the type "
              + row.getString(3)
              + ", which is not supported; exclude the column",
          e);
    }
    String columnType = row.getString(4);
    boolean unsigned = columnType.toLowerCase(Locale.ROOT).contains("unsigned");
    return switch (base) {
      case ENUM, SET -> ColumnType.labelled(base, TypeText.labels(columnType));
      case DECIMAL ->
          new ColumnType(base, unsigned, row.getInt(7), row.getInt(8), List.of(), false);
      case DATETIME, TIMESTAMP, TIME -> ColumnType.temporal(base, row.getInt(9));
      case TINYINT, SMALLINT, MEDIUMINT, INT, BIGINT, FLOAT, DOUBLE ->
          new ColumnType(base, unsigned, 0, 0, List.of(), false);
      case BIT -> ColumnType.of(base, row.getInt(7));
      default -> ColumnType.of(base, row.getLong(6));
    };
  }

  /**
   * Empty also for a key over prefixes of its columns, which neither orders nor tells rows apart.
   */
  private List<String> primaryKey(TableName name) throws SQLException {
    List<String> key = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT TABLE_NAME, COLUMN_NAME, SUB_PART FROM information_schema.STATISTICS"
                    + where(name)
                    + " AND INDEX_NAME = 'PRIMARY' ORDER BY SEQ_IN_INDEX")) {
      while (rows.next()) {
        if (rows.getString(1).equals(name.table())) {
          if (rows.getString(3) != null) {
            return List.of();
          }
          key.add(rows.getString(2));
        }
      }
    }
    return key;
  }

  private static String where(TableName name) {
    return " WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = " + SqlText.literal(name.table());
  }
}
