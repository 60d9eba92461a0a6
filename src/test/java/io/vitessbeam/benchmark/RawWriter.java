package io.vitessbeam.benchmark;

import com.mysql.cj.jdbc.Driver;
import java.sql.Blob;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * The raw limit of a load: plain DuckDB JDBC reads a table of a file, and plain Connector/J writes
 * its rows through vtgate by multi-row INSERTs that the server has prepared. Uses nothing of this
 * project, and does nothing for a table that must not be seen half written.
 */
public final class RawWriter {

  private static final int ROWS_OF_STATEMENT = 500;

  private RawWriter() {}

  /**
   * Writes a table: {@code RawWriter FILE TABLE HOST:PORT/KEYSPACE TARGET ROWS CONNECTIONS
   * [UPDATE]}, UPDATE being what follows the rows of an INSERT. Rows have ids without gaps.
   */
  public static void main(String[] args)
      throws InterruptedException, ExecutionException, SQLException {
    long rows = Long.parseLong(args[4]);
    int connections = Integer.parseInt(args[5]);
    String update = args.length > 6 ? args[6] : "";
    ExecutorService threads = Executors.newFixedThreadPool(connections);
    Properties readOnly = new Properties();
    readOnly.setProperty("duckdb.read_only", "true");
    readOnly.setProperty("jdbc_stream_results", "true");
    try (Connection file = DriverManager.getConnection("jdbc:duckdb:" + args[0], readOnly)) {
      long first = first(file, args[1]);
      List<Future<Long>> parts = new ArrayList<>();
      for (int i = 0; i < connections; i++) {
        String sql =
            "SELECT * FROM "
                + args[1]
                + " WHERE id >= "
                + (first + rows * i / connections)
                + " AND id < "
                + (first + rows * (i + 1) / connections);
        parts.add(threads.submit(() -> write(file, sql, args[2], args[3], update)));
      }
      long written = 0;
      for (Future<Long> part : parts) {
        written += part.get();
      }
      if (written != rows) {
        throw new IllegalStateException("wrote " + written + " of " + rows + " rows");
      }
    } finally {
      threads.shutdown();
    }
  }

  private static long first(Connection file, String table) throws SQLException {
    try (Statement statement = file.createStatement();
        ResultSet result = statement.executeQuery("SELECT min(id) FROM " + table)) {
      result.next();
      return result.getLong(1);
    }
  }

  private static long write(
      Connection file, String sql, String address, String target, String update)
      throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("useServerPrepStmts", "true");
    properties.setProperty("connectionTimeZone", "UTC");
    try (Connection reader = ((org.duckdb.DuckDBConnection) file).duplicate();
        Statement statement = reader.createStatement();
        ResultSet rows = statement.executeQuery(sql);
        Connection writer = new Driver().connect("jdbc:mysql://" + address, properties)) {
      int columns = rows.getMetaData().getColumnCount();
      PreparedStatement full = prepare(writer, target, columns, ROWS_OF_STATEMENT, update);
      List<Object[]> pending = new ArrayList<>();
      long written = 0;
      while (rows.next()) {
        Object[] row = new Object[columns];
        for (int i = 0; i < columns; i++) {
          Object value = rows.getObject(i + 1);
          row[i] = value instanceof Blob blob ? blob.getBytes(1, (int) blob.length()) : value;
        }
        pending.add(row);
        if (pending.size() == ROWS_OF_STATEMENT) {
          send(full, pending);
          written += pending.size();
          pending.clear();
        }
      }
      if (!pending.isEmpty()) {
        send(prepare(writer, target, columns, pending.size(), update), pending);
        written += pending.size();
      }
      return written;
    }
  }

  private static PreparedStatement prepare(
      Connection writer, String target, int columns, int rows, String update) throws SQLException {
    String row = "(" + "?, ".repeat(columns - 1) + "?)";
    return writer.prepareStatement(
        "INSERT INTO " + target + " VALUES " + (row + ", ").repeat(rows - 1) + row + update);
  }

  private static void send(PreparedStatement statement, List<Object[]> rows) throws SQLException {
    int parameter = 1;
    for (Object[] row : rows) {
      for (Object value : row) {
        statement.setObject(parameter++, value);
      }
    }
    statement.executeUpdate();
  }
}
