package io.vitessbeam.write.duckdb.staging;

import java.util.Comparator;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The blocks that wait to be inserted, of all ranges and tables that are open in this JVM: bounds
 * their bytes, and has the threads that insert them. Safe for threads.
 */
public final class BufferedBlocks {

  private static final long IDLE_SECONDS = 10;

  private final long limit;
  private final ThreadPoolExecutor threads;
  private final Set<RangeLoad> holders = ConcurrentHashMap.newKeySet();
  private long bytes;
  private int inserts;

  /**
   * @param limit bytes
   */
  public BufferedBlocks(long limit) {
    this.limit = limit;
    int cores = Runtime.getRuntime().availableProcessors();
    threads =
        new ThreadPoolExecutor(
            cores,
            cores,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
              Thread thread = new Thread(task, "vitess-beam-insert");
              thread.setDaemon(true);
              return thread;
            });
    threads.allowCoreThreadTimeOut(true);
  }

  /** Runs an INSERT, soon, in a thread of staging. */
  void insertSoon(Runnable insert) {
    begun();
    threads.execute(() -> insert(insert));
  }

  /** Runs an INSERT in the thread that calls. */
  void insertNow(Runnable insert) {
    begun();
    insert(insert);
  }

  private synchronized void begun() {
    inserts++;
  }

  private void insert(Runnable insert) {
    try {
      insert.run();
    } finally {
      synchronized (this) {
        inserts--;
        notifyAll();
      }
    }
  }

  synchronized void added(RangeLoad range, long length) {
    bytes += length;
    holders.add(range);
  }

  synchronized void removed(RangeLoad range, long length) {
    bytes -= length;
    if (range.pendingBytes() == 0) {
      holders.remove(range);
    }
    notifyAll();
  }

  /**
   * Waits as long as too much waits, and has the largest range inserted that is at rest. To be
   * called by a thread that added a block and holds no lock.
   */
  public void enforce() {
    boolean interrupted = false;
    while (isFull()) {
      holders.stream()
          .filter(range -> !range.isInserting())
          .max(Comparator.comparingLong(RangeLoad::pendingBytes))
          .ifPresent(RangeLoad::insertSoon);
      try {
        awaitChange();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized boolean isFull() {
    return bytes > limit;
  }

  private synchronized void awaitChange() throws InterruptedException {
    int before = inserts;
    while (bytes > limit && inserts >= before && before > 0) {
      wait();
    }
  }
}
