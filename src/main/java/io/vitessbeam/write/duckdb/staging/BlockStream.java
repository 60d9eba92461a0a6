package io.vitessbeam.write.duckdb.staging;

import io.vitessbeam.DataException;
import io.vitessbeam.block.Block;
import io.vitessbeam.schema.TableSchema;
import io.vitessbeam.write.arrow.BlockBatches;
import io.vitessbeam.write.duckdb.file.DuckDbSql;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.util.Queue;
import org.apache.arrow.c.ArrowArrayStream;
import org.apache.arrow.c.Data;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.duckdb.DuckDBConnection;

/** Blocks as a table that a statement of DuckDB reads once. */
public final class BlockStream {

  /** The name by which a statement knows it. */
  public static final String NAME = "_vitessbeam_blocks";

  private BlockStream() {}

  /**
   * Runs an INSERT that takes all rows of some blocks.
   *
   * @param columns as the blocks have them
   * @param marked whether the marks of the rows follow their columns
   * @param blocks are let go as they are inserted
   * @throws io.vitessbeam.VitessBeamException for a value that DuckDB can't hold
   */
  public static void insert(
      DuckDBConnection connection,
      TableSchema columns,
      boolean marked,
      Queue<Block> blocks,
      String insert)
      throws SQLException {
    long rows = blocks.stream().mapToLong(Block::rows).sum();
    try (BufferAllocator allocator = new RootAllocator();
        BlockBatches batches = new BlockBatches(allocator, columns, blocks, marked);
        ArrowArrayStream stream = ArrowArrayStream.allocateNew(allocator)) {
      Data.exportArrayStream(allocator, batches, stream);
      try {
        connection.registerArrowStream(NAME, stream);
        long inserted = DuckDbSql.update(connection, insert);
        if (inserted != rows) {
          throw new DataException(
              columns.qualifiedName() + ": DuckDB took " + inserted + " of " + rows + " rows");
        }
      } catch (SQLException e) {
        if (batches.failure().isPresent()) {
          throw batches.failure().get();
        }
        throw e;
      } finally {
        // Not done yet if the statement failed before it came to the stream.
        stream.release();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
