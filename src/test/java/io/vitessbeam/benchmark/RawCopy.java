package io.vitessbeam.benchmark;

import com.mysql.cj.jdbc.Driver;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.postgresql.PGConnection;
import org.postgresql.copy.PGCopyOutputStream;

/**
 * The raw limit of a load into PostgreSQL: plain Connector/J reads a table through vtgate in the
 * OLAP workload, and pgjdbc's COPY writes its rows as text into a table, which gets its primary key
 * at the end. Uses nothing of this project, and does nothing for a table that must not be seen half
 * written.
 */
public final class RawCopy {

  private static final int BUFFER_BYTES = 1 << 16;
  private static final byte[] NULL = {'\\', 'N'};

  private RawCopy() {}

  /**
   * Copies a table: {@code RawCopy HOST:PORT/KEYSPACE TABLE JDBC_URL TARGET ROWS CONNECTIONS}. Rows
   * have ids from 1 on, without gaps.
   */
  public static void main(String[] args)
      throws InterruptedException, ExecutionException, SQLException {
    String source = "jdbc:mysql://" + args[0];
    long rows = Long.parseLong(args[4]);
    int connections = Integer.parseInt(args[5]);
    ExecutorService threads = Executors.newFixedThreadPool(connections);
    try {
      List<Future<Long>> parts = new ArrayList<>();
      for (int i = 0; i < connections; i++) {
        String sql =
            "SELECT * FROM %s WHERE id > %d AND id <= %d"
                .formatted(args[1], rows * i / connections, rows * (i + 1) / connections);
        parts.add(threads.submit(() -> copy(source, sql, args[2], args[3])));
      }
      long copied = 0;
      for (Future<Long> part : parts) {
        copied += part.get();
      }
      if (copied != rows) {
        throw new IllegalStateException("copied " + copied + " of " + rows + " rows");
      }
    } finally {
      threads.shutdown();
    }
    try (Connection target = DriverManager.getConnection(args[2]);
        Statement statement = target.createStatement()) {
      statement.execute("ALTER TABLE " + args[3] + " ADD PRIMARY KEY (id)");
    }
  }

  private static long copy(String source, String sql, String url, String target)
      throws SQLException, IOException {
    try (Connection reader = new Driver().connect(source, new Properties());
        Statement statement = reader.createStatement();
        Connection writer = DriverManager.getConnection(url)) {
      statement.execute("SET workload = 'olap'");
      statement.setFetchSize(Integer.MIN_VALUE);
      long rows = 0;
      try (ResultSet result = statement.executeQuery(sql);
          OutputStream out =
              new BufferedOutputStream(
                  new PGCopyOutputStream(
                      writer.unwrap(PGConnection.class), "COPY " + target + " FROM STDIN"),
                  BUFFER_BYTES)) {
        boolean[] binary = binary(result);
        while (result.next()) {
          rows++;
          for (int i = 0; i < binary.length; i++) {
            write(out, result.getBytes(i + 1), binary[i]);
            out.write(i + 1 < binary.length ? '\t' : '\n');
          }
        }
      }
      return rows;
    }
  }

  private static boolean[] binary(ResultSet result) throws SQLException {
    boolean[] binary = new boolean[result.getMetaData().getColumnCount()];
    for (int i = 0; i < binary.length; i++) {
      binary[i] = result.getMetaData().getColumnType(i + 1) == Types.VARBINARY;
    }
    return binary;
  }

  private static void write(OutputStream out, byte[] value, boolean binary) throws IOException {
    if (value == null) {
      out.write(NULL);
    } else if (binary) {
      out.write('\\');
      out.write('\\');
      out.write('x');
      out.write(HexFormat.of().formatHex(value).getBytes(StandardCharsets.US_ASCII));
    } else {
      for (byte each : value) {
        if (each == '\\' || each == '\t' || each == '\n' || each == '\r') {
          out.write('\\');
        }
        out.write(each);
      }
    }
  }
}
