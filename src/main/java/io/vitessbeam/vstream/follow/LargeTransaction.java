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

  /** Null as long as the transaction is an ordinary one. */
  private SpilledBlocks blocks;

  LargeTransaction(ReaderLimits limits, StreamTables tables) {
    this.limits = limits;
    this.tables = tables;
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

  /**
   * Gives all blocks but the first ones.
   *
   * @param skip rows that were given before
   * @return false if the rows that were given before are not those of whole blocks: it is not the
   *     transaction that it was then
   */
  boolean give(long skip, CommitPoint point, int seconds, Taker taker) throws InterruptedException {
    long given = skip;
    long before = 0;
    for (Block block = next(point, seconds); block != null; block = next(point, seconds)) {
      long after = before + block.rows();
      if (after > given) {
        if (before != given) {
          return false;
        }
        given = after;
        taker.take(block, after);
      }
      before = after;
    }
    return before == given;
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
