package io.vitessbeam.read.postgresql;

import io.vitessbeam.schema.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.postgresql.core.BaseConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the server says of tables and results. */
final class Catalog {

  private static final Logger SQL = LoggerFactory.getLogger("io.vitessbeam.sql");

  /** Tables, partitioned and foreign ones, views, and materialized views. */
  private static final String KINDS = "c.relkind IN ('r', 'p', 'f', 'v', 'm')";

  private final Connection connection;

  Catalog(Connection connection) {
    this.connection = connection;
  }

  /** A column of a table; whether it is NOT NULL. */
  record Attribute(String name, boolean required) {}

  /** The number of a table or view, if there is one of exactly this name that one may look at. */
  Optional<Long> table(TableName name) throws SQLException {
    return ask(
            "SELECT c.oid FROM pg_catalog.pg_class c"
                + " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
                + " WHERE n.nspname = ? AND c.relname = ? AND "
                + KINDS,
            row -> row.getLong(1),
            name.keyspace(),
            name.table())
        .stream()
        .findFirst();
  }

  List<String> tableNames(String schema) throws SQLException {
    return ask(
        "SELECT c.relname FROM pg_catalog.pg_class c"
            + " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
            + " WHERE n.nspname = ? AND "
            + KINDS,
        row -> row.getString(1),
        schema);
  }

  List<Attribute> attributes(long table) throws SQLException {
    return ask(
        "SELECT attname, attnotnull FROM pg_catalog.pg_attribute WHERE attrelid = ?::oid"
            + " AND attnum > 0 AND NOT attisdropped ORDER BY attnum",
        row -> new Attribute(row.getString(1), row.getBoolean(2)),
        String.valueOf(table));
  }

  /** In the order of the key; empty for a table without one. */
  List<String> primaryKey(long table) throws SQLException {
    return ask(
        "SELECT a.attname FROM pg_catalog.pg_constraint c"
            + " JOIN LATERAL unnest(c.conkey) WITH ORDINALITY k(attnum, place) ON true"
            + " JOIN pg_catalog.pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.attnum"
            + " WHERE c.contype = 'p' AND c.conrelid = ?::oid ORDER BY k.place",
        row -> row.getString(1),
        String.valueOf(table));
  }

  /** The names of all columns of what stands behind FROM. */
  List<String> names(String from) throws SQLException {
    return describe(
        "*",
        from,
        columns -> {
          List<String> names = new ArrayList<>();
          for (int i = 1; i <= columns.getColumnCount(); i++) {
            names.add(columns.getColumnLabel(i));
          }
          return names;
        });
  }

  /** How the columns of a SELECT are read. */
  List<PostgresqlColumn> types(String list, String from) throws SQLException {
    return describe(
        list,
        from,
        columns -> {
          List<PostgresqlColumn> types = new ArrayList<>();
          for (int i = 1; i <= columns.getColumnCount(); i++) {
            types.add(type(columns, i));
          }
          return types;
        });
  }

  private PostgresqlColumn type(ResultSetMetaData columns, int i) throws SQLException {
    String name = columns.getColumnTypeName(i);
    int oid = connection.unwrap(BaseConnection.class).getTypeInfo().getPGType(name);
    List<String> kinds =
        ask(
            "SELECT typtype::text || typcategory::text FROM pg_catalog.pg_type WHERE oid = ?::oid",
            row -> row.getString(1),
            Integer.toUnsignedString(oid));
    // The names that are serial and the like are the driver's own.
    String kind = kinds.isEmpty() ? "b " : kinds.get(0);
    return PostgresqlTypes.of(
        name, columns.getPrecision(i), columns.getScale(i), kind.charAt(0), kind.charAt(1));
  }

  /** Plans the statement, and runs it for no row. */
  private <T> T describe(String list, String from, Describer<T> describer) throws SQLException {
    String sql = "SELECT " + list + " FROM " + from + " LIMIT 0";
    SQL.debug("{}", sql);
    try (Statement statement = connection.createStatement()) {
      // Braces are the user's own.
      statement.setEscapeProcessing(false);
      try (ResultSet rows = statement.executeQuery(sql)) {
        return describer.from(rows.getMetaData());
      }
    }
  }

  private <T> List<T> ask(String sql, Reader<T> reader, String... parameters) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < parameters.length; i++) {
        statement.setString(i + 1, parameters[i]);
      }
      List<T> found = new ArrayList<>();
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          found.add(reader.read(rows));
        }
      }
      return found;
    }
  }

  @FunctionalInterface
  private interface Reader<T> {
    T read(ResultSet row) throws SQLException;
  }

  @FunctionalInterface
  private interface Describer<T> {
    T from(ResultSetMetaData columns) throws SQLException;
  }
}
