package io.vitessbeam.benchmark;

import io.vitessbeam.connect.VitessUri;
import io.vitessbeam.connect.Vtgate;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;

/**
 * What an {@link EventsTable} holds, told by sums that MySQL, DuckDB and PostgreSQL make each on
 * its own.
 *
 * @param rows those that aren't deleted
 * @param digests sum of 32 bits of each row's MD5
 * @param scores sum of the column that is no text in them
 */
record Contents(long rows, String digests, String scores) {

  /** Every column but the DOUBLE, whose text differs. */
  private static final String ROW =
      "id, '|', user_id, '|', kind, '|', COALESCE(country, '~'), '|', amount, '|', %s, '|', day,"
          + " '|', flag, '|', COALESCE(%s, '~'), '|', COALESCE(note, '~'), '|',"
          + " COALESCE(%s, '~')";

  private static final String MYSQL =
      "SELECT COUNT(*), SUM(CAST(CONV(LEFT(MD5(CONCAT("
          + ROW.formatted(
              "TIMESTAMPDIFF(MICROSECOND, '1970-01-01', created)", "quantity", "HEX(token)")
          + ")), 8), 16, 10) AS UNSIGNED)), SUM(CAST(FLOOR(score * 1000) AS SIGNED)) FROM ";

  private static final String DUCKDB =
      "SELECT COUNT(*), SUM(CAST('0x' || LEFT(MD5(CONCAT("
          + ROW.formatted("epoch_us(created)", "CAST(quantity AS VARCHAR)", "HEX(token)")
          + ")), 8) AS BIGINT)), SUM(CAST(FLOOR(score * 1000) AS BIGINT)) FROM ";

  private static final String POSTGRESQL =
      "SELECT COUNT(*), SUM(CAST(CAST('x' || LEFT(MD5(CONCAT("
          + ROW.formatted(
              "CAST(EXTRACT(EPOCH FROM created) * 1000000 AS BIGINT)",
              "CAST(quantity AS VARCHAR)",
              "UPPER(ENCODE(token, 'hex'))")
          + ")), 8) AS BIT(32)) AS BIGINT)), SUM(CAST(FLOOR(score * 1000) AS BIGINT)) FROM ";

  static Contents ofSource(VitessUri uri, String table) throws SQLException {
    Vtgate vtgate = new Vtgate(uri);
    try (Connection connection = vtgate.lookUp(vtgate.shards().get(0))) {
      connection.setNetworkTimeout(Runnable::run, 60_000);
      return read(connection, MYSQL + table);
    }
  }

  /** Rows marked as deleted don't count. */
  static Contents ofDestination(Path file, String table) throws SQLException {
    try (Connection connection = open(file)) {
      return read(connection, DUCKDB + find(connection, table) + " WHERE NOT _cdc_deleted");
    }
  }

  /** The same of a table or view of the main schema that has rows of its own only. */
  static Contents ofFile(Path file, String table) throws SQLException {
    try (Connection connection = open(file)) {
      return read(connection, DUCKDB + table);
    }
  }

  /** The same of a table of PostgreSQL. */
  static Contents ofPostgresql(String jdbcUrl, String table) throws SQLException {
    try (Connection connection = DriverManager.getConnection(jdbcUrl)) {
      return read(connection, POSTGRESQL + table);
    }
  }

  /** Rows that are marked as deleted. */
  static long deleted(Path file, String table) throws SQLException {
    try (Connection connection = open(file);
        Statement statement = connection.createStatement();
        ResultSet result =
            statement.executeQuery(
                "SELECT COUNT(*) FROM " + find(connection, table) + " WHERE _cdc_deleted")) {
      result.next();
      return result.getLong(1);
    }
  }

  static Connection open(Path file) throws SQLException {
    Properties readOnly = new Properties();
    readOnly.setProperty("duckdb.read_only", "true");
    return DriverManager.getConnection("jdbc:duckdb:" + file, readOnly);
  }

  /** The one table of this name, whatever its schema. */
  private static String find(Connection connection, String table) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result =
            statement.executeQuery(
                "SELECT schema_name FROM duckdb_tables() WHERE table_name = '" + table + "'")) {
      if (!result.next()) {
        throw new IllegalStateException("there is no table " + table);
      }
      String name = '"' + result.getString(1) + "\"." + table;
      if (result.next()) {
        throw new IllegalStateException("there is more than one table " + table);
      }
      return name;
    }
  }

  private static Contents read(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      result.next();
      return new Contents(result.getLong(1), result.getString(2), result.getString(3));
    }
  }
}
