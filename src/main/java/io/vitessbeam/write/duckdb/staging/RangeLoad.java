package io.vitessbeam.write.duckdb.staging;

import io.vitessbeam.DataException;
import io.vitessbeam.block.Block;
import io.vitessbeam.block.Origin;
import io.vitessbeam.write.duckdb.file.DuckDbFailures;
import io.vitessbeam.write.duckdb.file.DuckDbFile;
import io.vitessbeam.write.duckdb.file.DuckDbSql;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.duckdb.DuckDBConnection;

/**
 * Stages one range (of keys, or a shard's stream of changes, which has several tables) in one
 * transaction, which commits with the range's row in the ledger. Blocks may come in any order, more
 * than once, and from any thread.
 *
 * <p>They are inserted by the threads of {@link BufferedBlocks}, so that whoever adds them can read
 * on, one INSERT of the range at a time. An INSERT that fails shows when the next block is added,
 * at the latest when the range is complete.
 */
public final class RangeLoad {

  /** Rows that DuckDB handles at a time. */
  private static final int VECTOR_ROWS = 2048;

  private static final long ROLLBACK_SECONDS = 20;

  private final String name;
  private final DuckDbFile file;
  private final RangeStaging staging;
  private final BufferedBlocks buffered;
  private final SeenBlocks seen;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition atRest = lock.newCondition();
  private volatile PendingBlocks pending = new PendingBlocks();

  /** While a thread inserts blocks, the connection and {@link #created} are its own. */
  private volatile boolean inserting;

  private final Set<String> created = new HashSet<>();
  private DuckDBConnection connection;
  private long rows;
  private long leftOut;
  private long closingRows = -1;
  private long closingSequence = -1;
  private boolean committed;
  private RuntimeException failure;

  /**
   * @param name what it is, for messages
   */
  public RangeLoad(String name, DuckDbFile file, RangeStaging staging, BufferedBlocks buffered) {
    this.name = name;
    this.file = file;
    this.staging = staging;
    this.buffered = buffered;
    this.seen = new SeenBlocks(name);
  }

  /** Takes a block; gives the rows of the range when it is complete and committed. */
  public OptionalLong add(Block block) {
    lock.lock();
    try {
      failIfBroken();
      if (!committed && seen.isNew(block)) {
        accept(block);
      }
      if (!committed && isComplete()) {
        commit();
      }
      return committed ? OptionalLong.of(rows) : OptionalLong.empty();
    } catch (RuntimeException e) {
      fail(e);
      throw e;
    } finally {
      lock.unlock();
    }
  }

  private void accept(Block block) {
    Origin origin = block.origin();
    if (origin.closesRange()) {
      closingRows = origin.rangeRows();
      closingSequence = origin.sequence();
    } else {
      rows += block.rows();
      leftOut += origin.leftOut();
      if (block.rows() > 0) {
        pending.add(staging.tableOf(block), block);
        buffered.added(this, block.length());
      }
    }
    if (pending.isFull() && !isComplete()) {
      insertAside();
    }
  }

  private boolean isComplete() {
    // The closing block counts as seen too.
    return closingSequence >= 0 && seen.count() == closingSequence + 1;
  }

  /** Bytes that wait to be inserted and that no thread has begun with. Safe for threads. */
  public long pendingBytes() {
    return pending.bytes();
  }

  /** Whether an INSERT of it is under way. Safe for threads. */
  public boolean isInserting() {
    return inserting;
  }

  /** Has what waits inserted, unless an INSERT of this range is under way. */
  public void insertSoon() {
    lock.lock();
    try {
      if (failure == null && !committed) {
        insertAside();
      }
    } finally {
      lock.unlock();
    }
  }

  private void insertAside() {
    if (inserting || pending.isEmpty()) {
      return;
    }
    inserting = true;
    PendingBlocks blocks = takePending();
    long together = rows;
    buffered.insertSoon(() -> insertAside(blocks, together));
  }

  private void insertAside(PendingBlocks blocks, long together) {
    RuntimeException failed = null;
    try {
      flush(blocks, together);
    } catch (RuntimeException e) {
      failed = e;
    } catch (Error e) {
      failed = new IllegalStateException("Staging " + name + " ended", e);
    }
    lock.lock();
    try {
      inserting = false;
      atRest.signalAll();
      if (failed != null) {
        fail(failed);
      } else if (failure == null && pending.isFull()) {
        insertAside();
      }
      // Last: whoever waits for room is to see what became of the blocks.
      buffered.removed(this, blocks.bytes());
    } finally {
      lock.unlock();
    }
  }

  private PendingBlocks takePending() {
    PendingBlocks blocks = pending;
    pending = new PendingBlocks();
    return blocks;
  }

  /**
   * @param together rows that the range has so far
   */
  private void flush(PendingBlocks blocks, long together) {
    file.reserve(blocks.bytesPerRow() * Math.min(together, VECTOR_ROWS));
    blocks.byTable().forEach(this::insert);
  }

  private void insert(RangeStaging.Table table, Queue<Block> blocks) {
    try {
      DuckDBConnection transaction = transaction();
      if (!table.create().isEmpty() && created.add(table.create())) {
        DuckDbSql.execute(transaction, List.of(table.create()));
      }
      BlockStream.insert(transaction, table.columns(), table.marked(), blocks, table.insert());
    } catch (SQLException e) {
      throw DuckDbFailures.during("Staging " + name, file.path(), e);
    }
  }

  private void commit() {
    if (rows + leftOut != closingRows) {
      throw new DataException(
          "Staging "
              + name
              + ": "
              + closingRows
              + " rows were read, but its blocks hold "
              + rows
              + " and leave out "
              + leftOut);
    }
    while (inserting) {
      atRest.awaitUninterruptibly();
    }
    failIfBroken();
    if (committed) {
      // By another thread that was given the same block.
      return;
    }
    PendingBlocks last = takePending();
    try {
      buffered.insertNow(() -> flush(last, rows));
    } finally {
      buffered.removed(this, last.bytes());
    }
    try {
      DuckDBConnection transaction = transaction();
      DuckDbSql.execute(transaction, List.of(staging.insertReceipt(rows)));
      transaction.commit();
      committed = true;
      transaction.close();
    } catch (SQLException e) {
      throw DuckDbFailures.during("Staging " + name, file.path(), e);
    }
  }

  private DuckDBConnection transaction() throws SQLException {
    if (connection == null) {
      connection = file.connect();
      connection.setAutoCommit(false);
    }
    return connection;
  }

  /** Gives up the range, when the INSERT that may be running has ended. */
  public void rollback() {
    if (!lockForRollback()) {
      throw new IllegalStateException(
          "Staging " + name + " is still at work after " + ROLLBACK_SECONDS + " s");
    }
    try {
      fail(new IllegalStateException("Staging " + name + " was given up"));
      if (connection != null && !committed) {
        connection.rollback();
        connection.close();
      }
    } catch (SQLException e) {
      throw DuckDbFailures.during("Rolling back", file.path(), e);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes the lock when no INSERT is under way; false if one takes too long. A thread that is
   * interrupted waits too, and stays interrupted: the task of a cancelled job is what cleans up.
   */
  private boolean lockForRollback() {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(ROLLBACK_SECONDS);
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return lockAtRest(end);
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private boolean lockAtRest(long end) throws InterruptedException {
    if (!lock.tryLock(end - System.nanoTime(), TimeUnit.NANOSECONDS)) {
      return false;
    }
    boolean ready = false;
    try {
      long left = end - System.nanoTime();
      while (inserting && left > 0) {
        left = atRest.awaitNanos(left);
      }
      ready = !inserting;
      return ready;
    } finally {
      if (!ready) {
        lock.unlock();
      }
    }
  }

  /** Lets go what waits; the first failure is what whoever adds to the range is told. */
  private void fail(RuntimeException e) {
    if (failure == null) {
      failure = e;
    }
    buffered.removed(this, takePending().bytes());
  }

  private void failIfBroken() {
    if (failure != null) {
      throw failure;
    }
  }
}
