package io.vitessbeam.schema;

import static io.vitessbeam.testing.TestVitess.SHOP;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.vitessbeam.schema.discovery.SchemaDiscovery;
import io.vitessbeam.schema.stream.Collations;
import io.vitessbeam.testing.TestVitess;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The rows of one table of {@code shop} by the OLAP workload, by VStream's copy and by its stream:
 * by {@code id} the values of each column, converted.
 */
record ReadRows(
    TableSchema schema,
    Map<Integer, Map<String, byte[]>> olap,
    Map<Integer, Map<String, byte[]>> copied,
    Map<Integer, Map<String, byte[]>> streamed) {

  private static final TestVitess VITESS = TestVitess.shared();

  /** Makes a table of some rows and reads it. */
  static ReadRows of(String name, String columns, String... rows) throws SQLException {
    String position = StreamedRows.position(VITESS);
    return of(create(name, columns, rows), position, rows.length);
  }

  /** Reads a table that was filled after the position. */
  static ReadRows of(String table, String position, int count) throws SQLException {
    TableSchema schema = schema(table);
    Collations collations = collations(table);
    return new ReadRows(
        schema,
        olap(schema),
        after(StreamedRows.copy(VITESS, table), schema, collations),
        after(StreamedRows.stream(VITESS, table, position, count), schema, collations));
  }

  static String create(String name, String columns, String... rows) throws SQLException {
    String table = VITESS.newTable(name);
    String[] statements = new String[rows.length + 2];
    statements[0] = "SET sql_mode = ''";
    statements[1] = "CREATE TABLE " + table + " (id INT PRIMARY KEY, " + columns + ")";
    for (int i = 0; i < rows.length; i++) {
      statements[i + 2] = "INSERT INTO " + table + " VALUES " + rows[i];
    }
    VITESS.execute(SHOP + ":0", statements);
    return table;
  }

  static TableSchema schema(String table) throws SQLException {
    try (Connection connection = VITESS.connect(SHOP + ":0")) {
      return new SchemaDiscovery(connection)
          .table(new TableName(SHOP, table))
          .orElseThrow()
          .schema();
    }
  }

  static Collations collations(String table) throws SQLException {
    try (Connection connection = VITESS.connect(SHOP + ":0")) {
      return Collations.read(connection).withTable(connection, table);
    }
  }

  static List<String> texts(Map<Integer, Map<String, byte[]>> rows, String column) {
    return rows.values().stream()
        .map(row -> row.get(column) == null ? null : new String(row.get(column), UTF_8))
        .collect(Collectors.toList());
  }

  private static Map<Integer, Map<String, byte[]>> after(
      StreamedRows rows, TableSchema schema, Collations collations) {
    Map<Integer, Map<String, byte[]>> byId = new LinkedHashMap<>();
    rows.changes()
        .forEach(
            change -> {
              Map<String, byte[]> row = rows.convert(change.getAfter(), schema, collations);
              byId.put(Integer.parseInt(new String(row.get("id"), UTF_8)), row);
            });
    return byId;
  }

  private static Map<Integer, Map<String, byte[]>> olap(TableSchema schema) throws SQLException {
    Map<Integer, Map<String, byte[]>> byId = new LinkedHashMap<>();
    try (Connection connection = VITESS.connect(SHOP + ":0");
        Statement statement = connection.createStatement()) {
      statement.execute("SET workload = 'olap'");
      try (ResultSet row =
          statement.executeQuery("SELECT * FROM " + schema.table() + " ORDER BY id")) {
        while (row.next()) {
          Map<String, byte[]> values = new LinkedHashMap<>();
          for (Column column : schema.columns()) {
            values.put(column.name(), row.getBytes(column.name()));
          }
          byId.put(row.getInt("id"), values);
        }
      }
    }
    return byId;
  }
}
