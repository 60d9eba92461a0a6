package io.vitessbeam.write.duckdb.staging;

import io.vitessbeam.block.Block;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Blocks of one range that wait to be inserted together. For one thread at a time but for {@link
 * #bytes}.
 */
final class PendingBlocks {

  /**
   * A flush fills a row group of DuckDB, or is as large as the memory of a few ranges at a time
   * allows. Flushes of 4 MB take 20 % more CPU time, larger ones no less.
   */
  private static final int FLUSH_ROWS = 122_880;

  private static final long FLUSH_BYTES = 32L << 20;

  private final Map<RangeStaging.Table, Queue<Block>> byTable = new LinkedHashMap<>();
  private final AtomicLong bytes = new AtomicLong();
  private long rows;

  void add(RangeStaging.Table table, Block block) {
    byTable.computeIfAbsent(table, newTable -> new ArrayDeque<>()).add(block);
    rows += block.rows();
    bytes.addAndGet(block.length());
  }

  /** The queues are emptied by whoever inserts them. */
  Map<RangeStaging.Table, Queue<Block>> byTable() {
    return byTable;
  }

  /** Whether it is worth its INSERT. */
  boolean isFull() {
    return rows >= FLUSH_ROWS || bytes() >= FLUSH_BYTES;
  }

  boolean isEmpty() {
    return rows == 0;
  }

  /** Of all blocks that were added. Safe for threads. */
  long bytes() {
    return bytes.get();
  }

  long bytesPerRow() {
    return bytes() / Math.max(rows, 1);
  }
}
