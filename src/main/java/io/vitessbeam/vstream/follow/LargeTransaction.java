package io.vitessbeam.vstream.follow;

import io.vitessbeam.block.Block;
import io.vitessbeam.block.Origin;
import io.vitessbeam.vstream.decode.StreamTables;
import io.vitessbeam.vstream.position.GtidSet;
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

  /**
   * Takes the next block of tables that don't have it already; null after the last one.
   *
   * @param set behind the transaction
   * @param seconds when it was committed; 0 if unknown
   */
  Block next(GtidSet set, int seconds) {
    while (blocks.size() > 0) {
      Block block = blocks.next();
      if (!tables.isDropped(block.schema().table(), set)) {
        block.marks().commit(set.rank(), seconds);
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
   * @param set of the snapshot
   */
  List<Block> all(GtidSet set) {
    List<Block> batch = new ArrayList<>();
    for (Block block = next(set, 0); block != null; block = next(set, 0)) {
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
