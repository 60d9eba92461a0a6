package io.vitessbeam.write.duckdb;

import io.vitessbeam.DataException;
import io.vitessbeam.block.Block;
import io.vitessbeam.block.BlockReader;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * Remembers the blocks of a range, with a checksum of each: a block that comes again must be the
 * same, else the range was read twice with different rows and a mixture of the two readings would
 * be neither. Eight bytes per block.
 */
final class SeenBlocks {

  private final String table;
  private final int range;
  private long[] fingerprints = new long[64];
  private long count;

  SeenBlocks(String table, int range) {
    this.table = table;
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
      throw new DataException(
          "Range "
              + range
              + " of "
              + table
              + " was read again after a failure and its rows have changed since; run again");
    }
    return false;
  }

  /** Blocks seen, each counted once. */
  long count() {
    return count;
  }

  /** Never 0. */
  private static long fingerprint(Block block) {
    CRC32C crc = new CRC32C();
    crc.update(new BlockReader(block).bytes(), 0, block.length());
    int kind = block.origin().closesRange() ? 2 : 1;
    return (crc.getValue() << 32) ^ ((long) block.rows() << 2) ^ kind;
  }
}
