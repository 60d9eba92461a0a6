package io.vitessbeam.pipelines.quickstart;

import java.io.PrintStream;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Properties;

/** Puts the same query to the shop in Vitess and to its copy in DuckDB. */
final class ShopComparison {

  private static final String BY_STATUS =
      """
      SELECT CAST(status AS CHAR), COUNT(*), SUM(quantity), SUM(total), MAX(ordered_at)
      FROM orders GROUP BY status ORDER BY 1
      """;
  private static final String SOME_ROWS =
      """
      SELECT o.id, c.name, p.name, o.total, o.status
      FROM orders o JOIN customers c ON c.id = o.customer_id JOIN products p ON p.sku = o.sku
      WHERE p.name LIKE '%✓' ORDER BY o.id LIMIT 3
      """;

  private final Connection source;
  private final Path file;
  private final PrintStream out;

  ShopComparison(Connection source, Path file, PrintStream out) {
    this.source = source;
    this.file = file;
    this.out = out;
  }

  void print() throws SQLException {
    try (Connection copy =
        new org.duckdb.DuckDBDriver().connect("jdbc:duckdb:" + file, new Properties())) {
      out.printf(
          "  %-9s %8s %9s %15s  %-26s %s%n",
          "orders", "count", "quantity", "total", "last", "in DuckDB");
      List<List<String>> there = rows(source, BY_STATUS);
      List<List<String>> here = rows(copy, liveRows(BY_STATUS));
      boolean same = true;
      for (int i = 0; i < there.size(); i++) {
        List<String> row = there.get(i);
        boolean equal = i < here.size() && row.equals(here.get(i));
        same &= equal;
        out.printf(
            Locale.ROOT,
            "  %-9s %8s %9s %15s  %-26s %s%n",
            row.get(0),
            row.get(1),
            row.get(2),
            row.get(3),
            row.get(4),
            equal ? "the same" : i < here.size() ? "DIFFERENT: " + here.get(i) : "MISSING");
      }
      out.println();
      out.println("  Some rows from DuckDB:");
      for (List<String> row : rows(copy, liveRows(SOME_ROWS))) {
        out.println("  " + String.join(" | ", row));
      }
      if (!same || here.size() != there.size()) {
        throw new IllegalStateException("the copy differs from its source");
      }
    }
  }

  /** The copy keeps rows that were deleted, and marks them. */
  private static String liveRows(String sql) {
    return "WITH orders AS (SELECT * FROM main.orders WHERE NOT _cdc_deleted) "
        + sql.replace("AS CHAR", "AS VARCHAR");
  }

  private static List<List<String>> rows(Connection connection, String sql) throws SQLException {
    List<List<String>> rows = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      int columns = result.getMetaData().getColumnCount();
      while (result.next()) {
        List<String> row = new ArrayList<>();
        for (int i = 1; i <= columns; i++) {
          row.add(result.getString(i));
        }
        rows.add(row);
      }
    }
    return rows;
  }
}
