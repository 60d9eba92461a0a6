package io.vitessbeam.write.follow.relay;

import io.vitessbeam.block.Block;
import io.vitessbeam.schema.TableSchema;
import io.vitessbeam.write.duckdb.file.DuckDbFailures;
import io.vitessbeam.write.duckdb.merge.CdcColumns;
import io.vitessbeam.write.duckdb.staging.BlockStream;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Consumer;
import org.duckdb.DuckDBConnection;

/** Puts rows of a server into a table of the file, some at a time; the last ones when it closes. */
final class TakenRows implements Consumer<Block>, AutoCloseable {

  private static final long FLUSH_BYTES = 32L << 20;

  private final DuckDBConnection connection;
  private final TableSchema columns;
  private final String table;
  private final Queue<Block> waiting = new ArrayDeque<>();
  private long bytes;

  /**
   * @param columns of the rows, see {@link RawRows}
   */
  TakenRows(DuckDBConnection connection, TableSchema columns, String table) {
    this.connection = connection;
    this.columns = columns;
    this.table = table;
  }

  @Override
  public void accept(Block block) {
    waiting.add(block.withSchema(columns));
    bytes += block.length();
    if (bytes >= FLUSH_BYTES) {
      flush();
    }
  }

  private void flush() {
    String deleted = CdcColumns.DELETED;
    try {
      BlockStream.insert(
          connection,
          columns,
          false,
          waiting,
          "INSERT INTO %s SELECT * REPLACE (%s <> 0 AS %s) FROM %s"
              .formatted(table, deleted, deleted, BlockStream.NAME));
      bytes = 0;
    } catch (SQLException e) {
      throw DuckDbFailures.during("Taking rows of " + columns.qualifiedName(), table, e);
    }
  }

  @Override
  public void close() {
    if (!waiting.isEmpty()) {
      flush();
    }
  }
}
