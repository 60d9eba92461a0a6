package io.vitessbeam.benchmark;

import com.mysql.cj.jdbc.Driver;
import java.sql.Connection;
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
 * The raw limit: plain Connector/J reads the table through vtgate in the OLAP workload, asks for
 * every value and throws it away. Uses nothing of this project.
 */
public final class RawReader {

  private RawReader() {}

  /** Reads a table: {@code RawReader HOST:PORT/KEYSPACE TABLE ROWS CONNECTIONS}. */
  public static void main(String[] args) throws InterruptedException, ExecutionException {
    String url = "jdbc:mysql://" + args[0];
    long rows = Long.parseLong(args[2]);
    int connections = Integer.parseInt(args[3]);
    ExecutorService threads = Executors.newFixedThreadPool(connections);
    try {
      List<Future<Long>> parts = new ArrayList<>();
      for (int i = 0; i < connections; i++) {
        String sql =
            "SELECT * FROM "
                + args[1]
                + " WHERE id > "
                + rows * i / connections
                + " AND id <= "
                + rows * (i + 1) / connections;
        parts.add(threads.submit(() -> read(url, sql)));
      }
      long read = 0;
      for (Future<Long> part : parts) {
        read += part.get();
      }
      if (read != rows) {
        throw new IllegalStateException("read " + read + " of " + rows + " rows");
      }
    } finally {
      threads.shutdown();
    }
  }

  private static long read(String url, String sql) throws SQLException {
    try (Connection connection = new Driver().connect(url, new Properties());
        Statement statement = connection.createStatement()) {
      statement.execute("SET workload = 'olap'");
      statement.setFetchSize(Integer.MIN_VALUE);
      long rows = 0;
      long bytes = 0;
      try (ResultSet result = statement.executeQuery(sql)) {
        int columns = result.getMetaData().getColumnCount();
        while (result.next()) {
          rows++;
          for (int i = 1; i <= columns; i++) {
            byte[] value = result.getBytes(i);
            bytes += value == null ? 0 : value.length;
          }
        }
      }
      if (bytes == 0) {
        throw new IllegalStateException("no bytes read");
      }
      return rows;
    }
  }
}
