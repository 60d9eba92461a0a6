package io.vitessbeam.write.duckdb;

import io.vitessbeam.DataException;
import io.vitessbeam.block.Block;
import io.vitessbeam.block.Origin;
import io.vitessbeam.write.duckdb.merge.Sql;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.duckdb.DuckDBConnection;

/**
 * Stages one range (of keys, or a shard's stream of changes, which has several tables) in one
 * transaction, which commits with the range's row in the ledger. Blocks may come in any order, more
 * than once, and from any thread.
 */
final class RangeLoad {

  /**
   * A flush fills a row group of DuckDB, or is as large as the memory of a few ranges at a time
   * allows. Flushes of 4 MB take 20 % more CPU time, larger ones no less.
   */
  private static final int FLUSH_ROWS = 122_880;

  private static final long FLUSH_BYTES = 32L << 20;

  /** Rows that DuckDB handles at a time. */
  private static final int VECTOR_ROWS = 2048;

  private static final long ROLLBACK_SECONDS = 20;

  private final String name;
  private final DuckDbFile file;
  private final RangeStaging staging;
  private final BufferedBlocks buffered;
  private final SeenBlocks seen;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<RangeStaging.Table, Queue<Block>> pending = new LinkedHashMap<>();
  private final Set<String> created = new HashSet<>();
  private long pendingRows;
  private final AtomicLong pendingBytes = new AtomicLong();
  private long rows;
  private long leftOut;
  private long closingRows = -1;
  private long closingSequence = -1;
  private DuckDBConnection connection;
  private boolean committed;
  private RuntimeException failure;

  /**
   * @param name what it is, for messages
   */
  RangeLoad(String name, DuckDbFile file, RangeStaging staging, BufferedBlocks buffered) {
    this.name = name;
    this.file = file;
    this.staging = staging;
    this.buffered = buffered;
    this.seen = new SeenBlocks(name);
  }

  /** Takes a block; gives the rows of the range when it is complete and committed. */
  OptionalLong add(Block block) {
    lock.lock();
    try {
      failIfBroken();
      if (!committed && seen.isNew(block)) {
        accept(block);
      }
      return committed ? OptionalLong.of(rows) : OptionalLong.empty();
    } catch (RuntimeException e) {
      failure = e;
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
        pending.computeIfAbsent(staging.tableOf(block), table -> new ArrayDeque<>()).add(block);
        pendingRows += block.rows();
        pendingBytes.addAndGet(block.length());
        buffered.added(this, block.length());
      }
    }
    // The closing block counts as seen too.
    boolean complete = closingSequence >= 0 && seen.count() == closingSequence + 1;
    if (complete) {
      commit();
    } else if (pendingRows >= FLUSH_ROWS || pendingBytes.get() >= FLUSH_BYTES) {
      flush();
    }
  }

  /** Bytes that wait to be inserted. */
  long pendingBytes() {
    return pendingBytes.get();
  }

  /** Inserts what waits, unless another thread is at work on this range. */
  void flushIfFree() {
    if (!lock.tryLock()) {
      return;
    }
    try {
      if (failure == null && !committed) {
        flush();
      }
    } catch (RuntimeException e) {
      // Belongs to whoever adds to this range next.
      failure = e;
    } finally {
      lock.unlock();
    }
  }

  private void flush() {
    if (pending.isEmpty()) {
      return;
    }
    long rowBytes = pendingBytes.get() / Math.max(pendingRows, 1);
    file.reserve(rowBytes * Math.min(rows, VECTOR_ROWS));
    try {
      for (Map.Entry<RangeStaging.Table, Queue<Block>> entry : pending.entrySet()) {
        insert(entry.getKey(), entry.getValue());
      }
    } finally {
      pending.clear();
      pendingRows = 0;
      buffered.removed(this, pendingBytes.getAndSet(0));
    }
  }

  private void insert(RangeStaging.Table table, Queue<Block> blocks) {
    try {
      DuckDBConnection transaction = transaction();
      if (!table.create().isEmpty() && created.add(table.create())) {
        Sql.execute(transaction, List.of(table.create()));
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
    flush();
    try {
      DuckDBConnection transaction = transaction();
      Sql.execute(transaction, List.of(staging.insertReceipt(rows)));
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

  /** Gives up the range, when the insert that may be running has ended. */
  void rollback() {
    if (!lockForRollback()) {
      throw new IllegalStateException(
          "Staging " + name + " is still at work after " + ROLLBACK_SECONDS + " s");
    }
    try {
      if (failure == null) {
        failure = new IllegalStateException("Staging " + name + " was given up");
      }
      pending.clear();
      buffered.removed(this, pendingBytes.getAndSet(0));
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

  private boolean lockForRollback() {
    try {
      return lock.tryLock(ROLLBACK_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return lock.tryLock();
    }
  }

  private void failIfBroken() {
    if (failure != null) {
      throw failure;
    }
  }
}
