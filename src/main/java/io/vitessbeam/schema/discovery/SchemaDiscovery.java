package io.vitessbeam.schema.discovery;

import io.vitessbeam.ConfigurationException;
import io.vitessbeam.schema.Column;
import io.vitessbeam.schema.ColumnType;
import io.vitessbeam.schema.MysqlType;
import io.vitessbeam.schema.SqlText;
import io.vitessbeam.schema.TableName;
import io.vitessbeam.schema.TableSchema;
import io.vitessbeam.schema.TypeText;
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

  /** The names of the tables and views that are there, without Vitess's and our internal ones. */
  public List<String> tableNames() throws SQLException {
    return names("");
  }

  /** The names of those tables whose changes Vitess streams. */
  public List<String> baseTableNames() throws SQLException {
    return names(" AND TABLE_TYPE = 'BASE TABLE'").stream()
        .filter(table -> whyNotFollowed(table).isEmpty())
        .toList();
  }

  /**
   * Why Vitess streams no change of a table with this name, as a clause. It does not say so: the
   * table is copied, and then nothing comes.
   */
  public static Optional<String> whyNotFollowed(String table) {
    return InternalTables.whyNotFollowed(table);
  }

  /** The id of the online DDL of Vitess's that a table with this name is filled by. */
  public static Optional<String> migration(String table) {
    return InternalTables.migration(table);
  }

  private List<String> names(String condition) throws SQLException {
    TreeSet<String> names = new TreeSet<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA ="
                    + " DATABASE()"
                    + condition)) {
      while (rows.next()) {
        if (!InternalTables.contain(rows.getString(1))) {
          names.add(rows.getString(1));
        }
      }
    }
    return List.copyOf(names);
  }

  /** What decides the values of a table; nothing if no table or view has exactly this name. */
  public Optional<TableDefinition> definition(TableName name) throws SQLException {
    List<ColumnDefinition> columns = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT TABLE_NAME, COLUMN_NAME, COLUMN_TYPE, CHARACTER_SET_NAME, COLLATION_NAME,"
                    + " IS_NULLABLE, COLUMN_DEFAULT, EXTRA, GENERATION_EXPRESSION"
                    + " FROM information_schema.COLUMNS"
                    + where(name)
                    + " ORDER BY ORDINAL_POSITION")) {
      while (rows.next()) {
        if (rows.getString(1).equals(name.table())) {
          String defaultValue = rows.getString(7);
          columns.add(
              new ColumnDefinition(
                  rows.getString(2),
                  rows.getString(3),
                  orEmpty(rows.getString(4)),
                  orEmpty(rows.getString(5)),
                  "YES".equals(rows.getString(6)),
                  defaultValue == null ? "" : "=" + defaultValue,
                  rows.getString(8),
                  orEmpty(rows.getString(9))));
        }
      }
    }
    if (columns.isEmpty()) {
      return Optional.empty();
    }
    List<String> key = new ArrayList<>();
    for (KeyPart part : keyParts(name)) {
      key.add(part.prefix().isEmpty() ? part.column() : part.column() + "(" + part.prefix() + ")");
    }
    return Optional.of(new TableDefinition(columns, key));
  }

  private static String orEmpty(String text) {
    return text == null ? "" : text;
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

  /** The names of a table's indexes over expressions, which have no column to name. */
  public List<String> functionalIndexes(TableName name) throws SQLException {
    TreeSet<String> indexes = new TreeSet<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT TABLE_NAME, INDEX_NAME FROM information_schema.STATISTICS"
                    + where(name)
                    + " AND COLUMN_NAME IS NULL")) {
      while (rows.next()) {
        if (rows.getString(1).equals(name.table())) {
          indexes.add(rows.getString(2));
        }
      }
    }
    return List.copyOf(indexes);
  }

  /**
   * Empty also for a key over prefixes of its columns, which neither orders nor tells rows apart.
   */
  private List<String> primaryKey(TableName name) throws SQLException {
    List<KeyPart> parts = keyParts(name);
    return parts.stream().allMatch(part -> part.prefix().isEmpty())
        ? parts.stream().map(KeyPart::column).toList()
        : List.of();
  }

  /** A column of the primary key; the prefix is empty if it takes part as a whole. */
  private record KeyPart(String column, String prefix) {}

  private List<KeyPart> keyParts(TableName name) throws SQLException {
    List<KeyPart> parts = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT TABLE_NAME, COLUMN_NAME, SUB_PART FROM information_schema.STATISTICS"
                    + where(name)
                    + " AND INDEX_NAME = 'PRIMARY' ORDER BY SEQ_IN_INDEX")) {
      while (rows.next()) {
        if (rows.getString(1).equals(name.table())) {
          parts.add(new KeyPart(rows.getString(2), orEmpty(rows.getString(3))));
        }
      }
    }
    return parts;
  }

  private static String where(TableName name) {
    return " WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = " + SqlText.literal(name.table());
  }
}
