package io.vitessbeam.write.duckdb;

import java.util.Comparator;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Bounds the bytes of all blocks that wait in this JVM, however many ranges and tables are open at
 * a time. Safe for threads.
 */
final class BufferedBlocks {

  private final long limit;
  private final AtomicLong bytes = new AtomicLong();
  private final Set<RangeLoad> holders = ConcurrentHashMap.newKeySet();

  BufferedBlocks(long limit) {
    this.limit = limit;
  }

  void added(RangeLoad range, long length) {
    bytes.addAndGet(length);
    holders.add(range);
  }

  void removed(RangeLoad range, long length) {
    bytes.addAndGet(-length);
    holders.remove(range);
  }

  /**
   * Flushes the largest range while too much waits; a thread calls this after it added a block and
   * holds no lock. A range that another thread is flushing already is left to it.
   */
  void enforce() {
    if (bytes.get() > limit) {
      holders.stream()
          .max(Comparator.comparingLong(RangeLoad::pendingBytes))
          .ifPresent(RangeLoad::flushIfFree);
    }
  }
}
