package io.vitessbeam.write.duckdb.staging;

import io.vitessbeam.block.Block;
import io.vitessbeam.block.RowMarks;
import io.vitessbeam.write.load.RereadBlock;
import java.util.Arrays;

/**
 * Remembers the blocks of a range, with a checksum of each: a block that comes again must be the
 * same, else the range was read twice with different rows and a mixture of the two readings would
 * be neither. Eight bytes per block.
 */
final class SeenBlocks {

  private final String range;
  private long[] fingerprints = new long[64];
  private long count;

  /**
   * @param range its name, for messages
   */
  SeenBlocks(String range) {
    this.range = range;
  }

  /** Whether the block comes for the first time. */
  boolean isNew(Block block) {
    int sequence = Math.toIntExact(block.origin().sequence());
    if (sequence >= fingerprints.length) {
      fingerprints = Arrays.copyOf(fingerprints, Math.max(2 * fingerprints.length, sequence + 1));
    }
    long fingerprint = fingerprint(block);
    if (fingerprints[sequence] == 0) {
      fingerprints[sequence] = fingerprint;
      count++;
      return true;
    }
    if (fingerprints[sequence] != fingerprint) {
      throw RereadBlock.refused(Character.toUpperCase(range.charAt(0)) + range.substring(1));
    }
    return false;
  }

  /** Blocks seen, each counted once. */
  long count() {
    return count;
  }

  /** Never 0. */
  private static long fingerprint(Block block) {
    int kind = block.origin().closesRange() ? 2 : 1;
    long marks = block.marks() == null ? 0 : orders(block.marks(), block.rows());
    return ((RereadBlock.checksum(block) ^ marks ^ block.rows()) << 2) | kind;
  }

  private static long orders(RowMarks marks, int rows) {
    long hash = 0;
    for (int row = 0; row < rows; row++) {
      hash = hash * 31 + marks.rank(row) * 31 + marks.number(row) + marks.kind(row).code();
    }
    return hash * 0x9e3779b97f4a7c15L;
  }
}
