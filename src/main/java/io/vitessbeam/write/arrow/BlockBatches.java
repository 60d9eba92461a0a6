package io.vitessbeam.write.arrow;

import io.vitessbeam.block.Block;
import io.vitessbeam.block.BlockReader;
import io.vitessbeam.schema.TableSchema;
import java.io.IOException;
import java.util.Optional;
import java.util.Queue;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * Some blocks of one table as a stream of Arrow batches. Blocks are let go as they are decoded. For
 * one thread at a time, and one pass.
 */
public final class BlockBatches extends ArrowReader {

  /** From 2,048 to 122,880 rows a batch takes the same time; few take less memory. */
  private static final int BATCH_ROWS = 8192;

  /** A batch ends at the row that reaches this size, so one giant row makes a batch by itself. */
  private static final long BATCH_BYTES = 16L << 20;

  /** What the 32-bit offsets of a vector reach, less a margin for a row that overshoots. */
  private static final long MAX_BYTES = Integer.MAX_VALUE;

  /** Rows that every column decodes in turn: their bytes and slices stay in the CPU's cache. */
  private static final int CHUNK_ROWS = 1024;

  private final TableSchema table;
  private final boolean marked;
  private final Queue<Block> blocks;
  private final int[][] offsets;
  private final int[][] lengths;
  private ColumnWriter[] writers;
  private MarkWriter markWriter;
  private Block current;
  private BlockReader block;
  private int blockRow;
  private long batchBytes;
  private long bytesRead;
  private RuntimeException failure;

  /**
   * @param blocks is emptied as the stream goes on
   * @param marked whether the marks of the rows, which all blocks have then, follow their columns
   */
  public BlockBatches(
      BufferAllocator allocator, TableSchema table, Queue<Block> blocks, boolean marked) {
    super(allocator);
    this.table = table;
    this.marked = marked;
    this.blocks = blocks;
    this.offsets = new int[table.columns().size()][CHUNK_ROWS];
    this.lengths = new int[table.columns().size()][CHUNK_ROWS];
  }

  @Override
  public boolean loadNextBatch() throws IOException {
    try {
      return fill(getVectorSchemaRoot());
    } catch (RuntimeException e) {
      // The caller on the other side of the C interface sees no more than a text.
      failure = e;
      throw e;
    }
  }

  /** What ended the stream before its time, if it failed. */
  public Optional<RuntimeException> failure() {
    return Optional.ofNullable(failure);
  }

  private boolean fill(VectorSchemaRoot root) {
    bind(root);
    for (ColumnWriter writer : writers) {
      writer.begin(BATCH_ROWS);
    }
    if (marked) {
      markWriter.begin(BATCH_ROWS);
    }
    int rows = 0;
    batchBytes = 0;
    while (rows < BATCH_ROWS && batchBytes < BATCH_BYTES && openBlock()) {
      rows += decode(Math.min(CHUNK_ROWS, BATCH_ROWS - rows));
    }
    for (ColumnWriter writer : writers) {
      writer.end();
    }
    if (marked) {
      markWriter.end();
    }
    root.setRowCount(rows);
    bytesRead += batchBytes;
    return rows > 0;
  }

  /** Whether there is a block to go on with, and it can't make the batch larger than a vector. */
  private boolean openBlock() {
    if (block == null && !blocks.isEmpty() && batchBytes + blocks.peek().length() < MAX_BYTES) {
      current = blocks.remove();
      block = new BlockReader(current);
      blockRow = 0;
    }
    return block != null;
  }

  private int decode(int maxRows) {
    byte[] bytes = block.bytes();
    int rows = 0;
    while (rows < maxRows && batchBytes < BATCH_BYTES) {
      if (!block.nextRow()) {
        block = null;
        break;
      }
      for (int column = 0; column < offsets.length; column++) {
        int length = block.length(column);
        offsets[column][rows] = block.offset(column);
        lengths[column][rows] = length;
        batchBytes += length;
      }
      rows++;
    }
    for (int column = 0; column < writers.length; column++) {
      writers[column].append(bytes, offsets[column], lengths[column], rows);
    }
    if (marked) {
      markWriter.append(current.marks(), current.origin().sequence(), blockRow, rows);
    }
    blockRow += rows;
    return rows;
  }

  private void bind(VectorSchemaRoot root) {
    if (writers == null) {
      String name = table.qualifiedName();
      writers =
          IntStream.range(0, table.columns().size())
              .mapToObj(i -> ColumnWriters.writer(name, table.columns().get(i), root.getVector(i)))
              .toArray(ColumnWriter[]::new);
      markWriter = marked ? new MarkWriter(root, writers.length) : null;
    }
  }

  @Override
  public long bytesRead() {
    return bytesRead;
  }

  @Override
  protected void closeReadSource() {
    blocks.clear();
  }

  @Override
  protected Schema readSchema() {
    Stream<Field> columns = table.columns().stream().map(ColumnWriters::field);
    Stream<Field> marks = marked ? MarkWriter.fields().stream() : Stream.empty();
    return new Schema(Stream.concat(columns, marks).toList());
  }
}
