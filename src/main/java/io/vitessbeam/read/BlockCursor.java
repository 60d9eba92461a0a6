package io.vitessbeam.read;

import io.vitessbeam.block.Block;

/** Reads a range block by block. For one thread, but for {@link #interrupt}. */
public interface BlockCursor extends AutoCloseable {

  /** A block is given out when it has this many bytes; one row may make it larger. */
  int BLOCK_BYTES = 512 << 10;

  /** Rows of a few bytes would otherwise make blocks that cost much to decode at once. */
  int BLOCK_ROWS = 64 << 10;

  /** Up to where the blocks that were given out go. */
  RangePosition position();

  /**
   * The next block; the last one is the range's closing block, after which null comes.
   *
   * @throws io.vitessbeam.TransientException if the range broke and can't be read on
   */
  Block next() throws InterruptedException;

  /** Breaks what another thread reads with this cursor, at once; that thread still closes it. */
  void interrupt();

  @Override
  void close();
}
