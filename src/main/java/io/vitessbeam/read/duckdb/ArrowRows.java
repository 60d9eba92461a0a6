package io.vitessbeam.read.duckdb;

import io.vitessbeam.block.BlockBuilder;
import io.vitessbeam.read.cursor.ColumnText;
import io.vitessbeam.read.cursor.SourceRows;
import io.vitessbeam.read.cursor.ValueText;
import io.vitessbeam.schema.TableSchema;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Collections;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BaseVariableWidthVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.duckdb.DuckDBConnection;
import org.duckdb.DuckDBResultSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rows of a statement as Arrow batches, all of whose columns are text or bytes. DuckDB makes
 * them as they are taken, so that some batches are all that is in memory.
 */
public final class ArrowRows implements SourceRows {

  private static final Logger LOG = LoggerFactory.getLogger(ArrowRows.class);
  private static final Logger SQL = LoggerFactory.getLogger("io.vitessbeam.sql");

  /** As many as DuckDB itself handles at a time. */
  private static final int BATCH_ROWS = 2048;

  private final String name;
  private final ColumnText texts;
  private final AutoCloseable session;
  private final ColumnSlices[] columns;

  private AttachedTable.Rows attached = AttachedTable.Rows.NONE;
  private PreparedStatement statement;
  private DuckDBResultSet result;
  private BufferAllocator allocator;
  private ArrowReader reader;
  private int rows;
  private int row;

  private ArrowRows(String name, TableSchema schema, List<ValueText> texts, AutoCloseable session) {
    this.name = name;
    this.texts = new ColumnText(schema, texts);
    this.columns = new ColumnSlices[schema.columns().size()];
    for (int i = 0; i < columns.length; i++) {
      columns[i] = new ColumnSlices();
    }
    this.session = session;
  }

  static ArrowRows open(ArrowRequest request) {
    DuckDbSession session = DuckDbSession.open(request.database(), true);
    ArrowRows rows = new ArrowRows(request.name(), request.schema(), request.texts(), session);
    rows.attach(request.attached(), session.connection());
    rows.query(session.connection(), request.select());
    return rows;
  }

  /**
   * The rows of a statement on an open connection, which stays open. Values are taken as they are.
   *
   * @param connection streams its results
   * @param schema of the rows
   */
  public static ArrowRows of(Connection connection, TableSchema schema, String select) {
    List<ValueText> texts = Collections.nCopies(schema.columns().size(), ValueText.PLAIN);
    ArrowRows rows = new ArrowRows(schema.qualifiedName(), schema, texts, null);
    rows.query(connection, select);
    return rows;
  }

  private void attach(AttachedTable table, Connection connection) {
    try {
      attached = table.attach(connection.unwrap(DuckDBConnection.class));
    } catch (SQLException e) {
      close();
      throw DuckDbSession.broken("Reading " + name, e);
    }
  }

  private void query(Connection connection, String select) {
    SQL.debug("{}", select);
    try {
      statement = connection.prepareStatement(select);
      result = statement.executeQuery().unwrap(DuckDBResultSet.class);
      allocator = new RootAllocator();
      reader = (ArrowReader) result.arrowExportStream(allocator, BATCH_ROWS);
    } catch (SQLException e) {
      close();
      throw DuckDbSession.broken("Reading " + name, e);
    }
  }

  @Override
  public boolean next(BlockBuilder block) {
    if (row == rows && !loadBatch()) {
      return false;
    }
    block.startRow();
    for (int column = 0; column < columns.length; column++) {
      columns[column].add(block, texts, column, row);
    }
    row++;
    return true;
  }

  private boolean loadBatch() {
    try {
      row = 0;
      rows = 0;
      while (rows == 0) {
        if (!reader.loadNextBatch()) {
          return false;
        }
        VectorSchemaRoot batch = reader.getVectorSchemaRoot();
        rows = batch.getRowCount();
        for (int i = 0; i < columns.length; i++) {
          columns[i].load((BaseVariableWidthVector) batch.getVector(i), rows);
        }
      }
      return true;
    } catch (IOException e) {
      throw attached.failure().orElseGet(() -> DuckDbSession.broken("Reading " + name, e));
    }
  }

  @Override
  public void interrupt() {
    try {
      statement.cancel();
    } catch (SQLException e) {
      LOG.debug("Breaking off {}", name, e);
    }
  }

  @Override
  public void close() {
    closeQuietly(reader);
    closeQuietly(allocator);
    closeQuietly(result);
    closeQuietly(statement);
    closeQuietly(attached);
    closeQuietly(session);
  }

  private void closeQuietly(AutoCloseable resource) {
    if (resource != null) {
      try {
        resource.close();
      } catch (Exception e) {
        LOG.debug("Closing {}", name, e);
      }
    }
  }
}
