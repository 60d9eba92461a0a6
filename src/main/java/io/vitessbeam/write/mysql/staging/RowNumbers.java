package io.vitessbeam.write.mysql.staging;

import io.vitessbeam.ConfigurationException;
import io.vitessbeam.block.Origin;

/** Numbers of staged rows: range, block of the range and row of the block, 63 bits together. */
public final class RowNumbers {

  private static final int ROW_BITS = 20;
  private static final int SEQUENCE_BITS = 27;

  static final int MOST_RANGES = 1 << 16;
  static final long MOST_BLOCKS = 1L << SEQUENCE_BITS;
  static final int MOST_ROWS = 1 << ROW_BITS;

  private RowNumbers() {}

  /**
   * The number of a row.
   *
   * @throws ConfigurationException if the read has more ranges or blocks than there are numbers for
   */
  static long of(Origin origin, int row) {
    if (origin.range() >= MOST_RANGES || origin.sequence() >= MOST_BLOCKS || row >= MOST_ROWS) {
      throw new ConfigurationException(
          "A load takes %d ranges of %d blocks of %d rows, and this is row %d of %s; read with fewer ranges or smaller blocks"
              .formatted(MOST_RANGES, MOST_BLOCKS, MOST_ROWS, row, origin));
    }
    return firstOf(origin.range(), origin.sequence()) + row;
  }

  /** The number of the first row of a block, and above those of all blocks before it. */
  public static long firstOf(int range, long sequence) {
    return ((long) range << (SEQUENCE_BITS + ROW_BITS)) + (sequence << ROW_BITS);
  }
}
