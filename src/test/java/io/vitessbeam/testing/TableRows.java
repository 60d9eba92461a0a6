package io.vitessbeam.testing;

import static java.util.Comparator.naturalOrder;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import org.duckdb.DuckDBDriver;

/**
 * All rows of a table, each as one text that is the same whether the row is in MySQL, DuckDB or
 * PostgreSQL, sorted. For columns of integers, decimals, doubles, text, bytes, dates and times of
 * day.
 */
public final class TableRows {

  private static final DateTimeFormatter MICROS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSS", Locale.ROOT);

  private TableRows() {}

  /** Rows of MySQL, streamed in the OLAP workload by the plain driver. */
  public static List<String> ofVitess(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET workload = 'olap'");
      statement.setFetchSize(Integer.MIN_VALUE);
      try (ResultSet rows = statement.executeQuery(sql)) {
        return sorted(rows);
      }
    }
  }

  /** Rows of any other server, by its plain driver. */
  public static List<String> of(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      return sorted(rows);
    }
  }

  public static List<String> ofPostgresql(String sql) throws SQLException {
    try (Connection connection = TestPostgresql.shared().connect();
        Statement statement = connection.createStatement()) {
      statement.execute("SET TimeZone = 'UTC'; SET extra_float_digits = 3");
      try (ResultSet rows = statement.executeQuery(sql)) {
        return sorted(rows);
      }
    }
  }

  public static List<String> ofDuckDb(Path file, String sql) throws SQLException {
    try (Connection connection = open(file);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      return sorted(rows);
    }
  }

  /** Names of all tables of a DuckDB file, as {@code schema.table}. */
  public static List<String> tables(Path file) throws SQLException {
    return ofDuckDb(
        file, "SELECT table_schema || '.' || table_name FROM information_schema.tables");
  }

  /** Opens a DuckDB file, which must exist, to read. */
  public static Connection open(Path file) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("duckdb.read_only", "true");
    return new DuckDBDriver().connect("jdbc:duckdb:" + file, properties);
  }

  private static List<String> sorted(ResultSet rows) throws SQLException {
    List<String> texts = new ArrayList<>();
    while (rows.next()) {
      texts.add(text(rows));
    }
    texts.sort(naturalOrder());
    return texts;
  }

  private static String text(ResultSet row) throws SQLException {
    StringBuilder text = new StringBuilder();
    ResultSetMetaData columns = row.getMetaData();
    for (int i = 1; i <= columns.getColumnCount(); i++) {
      text.append(text(row, i, columns.getColumnTypeName(i))).append('|');
    }
    return text.toString();
  }

  private static String text(ResultSet row, int column, String type) throws SQLException {
    if (row.getObject(column) == null) {
      return "NULL";
    }
    String base = type.toUpperCase(Locale.ROOT).replaceAll("\\(.*", "");
    return switch (base) {
      case "DOUBLE", "FLOAT8" -> String.valueOf(row.getDouble(column));
      case "DECIMAL", "NUMERIC" -> new BigDecimal(row.getString(column)).toPlainString();
      case "BLOB", "BINARY", "VARBINARY", "BYTEA" -> HexFormat.of().formatHex(row.getBytes(column));
      case "DATETIME", "TIMESTAMP" -> row.getObject(column, LocalDateTime.class).format(MICROS);
      default -> row.getString(column);
    };
  }
}
