package io.vitessbeam.vstream.follow;

import io.vitessbeam.block.Block;
import io.vitessbeam.block.Origin;
import io.vitessbeam.vstream.decode.StreamTables;
import io.vitessbeam.vstream.position.CommitPoint;
import java.util.ArrayList;
import java.util.List;

/**
 * The rows of the transaction under way, when they are too many to wait in memory for its commit.
 * For one thread.
 */
final class LargeTransaction implements AutoCloseable {

  private final ReaderLimits limits;
  private final StreamTables tables;
  private final StreamFailures failures;
  private long skip;

  /** Null as long as the transaction is an ordinary one. */
  private SpilledBlocks blocks;

  /**
   * @param skip rows of the first transaction that were given out by who read before
   */
  LargeTransaction(ReaderLimits limits, StreamTables tables, long skip, StreamFailures failures) {
    this.limits = limits;
    this.tables = tables;
    this.skip = skip;
    this.failures = failures;
  }

  /** Whether there is one. */
  boolean isOpen() {
    return blocks != null;
  }

  /** Moves the rows here that the tables have of the transaction. */
  void add(Origin origin) {
    if (blocks == null) {
      blocks = new SpilledBlocks(limits.transactionBytes(), limits.folder());
    }
    tables.takeOpen(origin).forEach(blocks::add);
  }

  /** The same for the last ones: it is committed. */
  void addLast(Origin origin) {
    add(origin);
    tables.rollBack();
  }

  /** Takes blocks of the transaction, each with the number of its rows up to there. */
  interface Taker {
    void take(Block block, long rows) throws InterruptedException;
  }

  /** Rows of the next transaction that are given out already. */
  long skip() {
    return skip;
  }

  /**
   * To be called for a transaction that is none.
   *
   * @throws io.vitessbeam.DataException if a part of it was given out already
   */
  void requireNothingSkipped() {
    if (skip > 0) {
      throw failures.changed();
    }
  }

  /**
   * Gives all blocks but those that were given out already.
   *
   * @throws io.vitessbeam.DataException if that were others: it is not the transaction of then
   */
  void give(CommitPoint point, int seconds, Taker taker) throws InterruptedException {
    long before = 0;
    for (Block block = next(point, seconds); block != null; block = next(point, seconds)) {
      long after = before + block.rows();
      if (after > skip) {
        if (before != skip) {
          throw failures.changed();
        }
        skip = after;
        taker.take(block, skip);
      }
      before = after;
    }
    if (before != skip) {
      throw failures.changed();
    }
    skip = 0;
  }

  /**
   * Takes the next block of tables that don't have it already; null after the last one.
   *
   * @param point behind the transaction
   * @param seconds when it was committed; 0 if unknown
   */
  Block next(CommitPoint point, int seconds) {
    while (blocks.size() > 0) {
      Block block = blocks.next();
      if (!tables.isDropped(block.schema().table(), point.set())) {
        block.marks().commit(point.set().rank(), seconds, point.gtid());
        return block;
      }
    }
    close();
    return null;
  }

  /**
   * Takes all blocks of a batch of copied rows. They come in other batches when they come again, so
   * that none of a batch can be known by its place: all of it has to be given out at once. vttablet
   * cuts batches by their bytes.
   *
   * @param point of the snapshot
   */
  List<Block> all(CommitPoint point) {
    List<Block> batch = new ArrayList<>();
    for (Block block = next(point, 0); block != null; block = next(point, 0)) {
      batch.add(block);
    }
    return batch;
  }

  /** Drops what is left of it. */
  @Override
  public void close() {
    if (blocks != null) {
      blocks.close();
      blocks = null;
    }
  }
}
