package io.vitessbeam.write.load;

import io.vitessbeam.DataException;
import io.vitessbeam.block.Block;
import io.vitessbeam.block.BlockReader;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;

/**
 * A block that comes from a place of a range from which one came before, as a runner tries a bundle
 * again. With the same rows it adds nothing. With others the source has changed meanwhile: what was
 * staged of the range from there on goes, and the block takes its place; where those rows can't be
 * found any more the load is refused, as a mixture of two readings would be neither.
 */
public final class RereadBlock {

  private RereadBlock() {}

  /** Of all bytes of a block's rows. */
  public static long checksum(Block block) {
    byte[] bytes = new BlockReader(block).bytes();
    CRC32 one = new CRC32();
    one.update(bytes, 0, block.length());
    CRC32C other = new CRC32C();
    other.update(bytes, 0, block.length());
    return one.getValue() << Integer.SIZE | other.getValue();
  }

  /**
   * A load that can't take it.
   *
   * @param range what it is, as the begin of a sentence
   */
  public static DataException refused(String range) {
    return new DataException(
        range + " was read again after a failure and its rows have changed since; run again");
  }
}
