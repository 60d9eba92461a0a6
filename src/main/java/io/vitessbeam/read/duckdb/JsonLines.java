package io.vitessbeam.read.duckdb;

import java.io.IOException;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Arrays;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.duckdb.DuckDBResultSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The lines of JSON files as they stand there, checked to be JSON. For one thread at a time. */
final class JsonLines implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(JsonLines.class);

  private static final int BATCH_ROWS = 2048;

  private final DuckDbSession session;
  private final BufferAllocator allocator = new RootAllocator();
  private PreparedStatement statement;
  private DuckDBResultSet result;
  private ArrowReader reader;
  private int rows;
  private int row;

  private JsonLines(DuckDbSession session) {
    this.session = session;
  }

  /**
   * Begins to read.
   *
   * @param select gives the lines, and behind them other columns of text
   */
  static JsonLines open(String select) throws SQLException {
    JsonLines lines = new JsonLines(DuckDbSession.open("", true));
    try {
      lines.statement = lines.session.connection().prepareStatement(select);
      lines.result = lines.statement.executeQuery().unwrap(DuckDBResultSet.class);
      lines.reader = (ArrowReader) lines.result.arrowExportStream(lines.allocator, BATCH_ROWS);
      return lines;
    } catch (SQLException e) {
      lines.close();
      throw e;
    }
  }

  boolean next() throws IOException {
    row++;
    while (row >= rows) {
      if (!reader.loadNextBatch()) {
        return false;
      }
      rows = reader.getVectorSchemaRoot().getRowCount();
      row = 0;
    }
    return true;
  }

  byte[] line() throws IOException {
    return value(0);
  }

  /** A value of another column; null for NULL. */
  byte[] value(int column) throws IOException {
    VectorSchemaRoot batch = reader.getVectorSchemaRoot();
    return ((VarCharVector) batch.getVector(column)).get(row);
  }

  @Override
  public void close() {
    for (AutoCloseable resource : Arrays.asList(reader, allocator, result, statement, session)) {
      if (resource != null) {
        try {
          resource.close();
        } catch (Exception e) {
          LOG.debug("Closing JSON lines", e);
        }
      }
    }
  }
}
