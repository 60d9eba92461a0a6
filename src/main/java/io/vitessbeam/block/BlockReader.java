package io.vitessbeam.block;

import io.vitessbeam.DataException;
import java.util.Arrays;

/**
 * Walks over the rows of a block. After {@link #nextRow()} the values of the row are slices of
 * {@link #bytes()}; nothing is copied or allocated per row. For one thread.
 */
public final class BlockReader {

  private final Block block;
  private final byte[] bytes;
  private final int[] offsets;
  private final int[] lengths;
  private int position;
  private int row;

  public BlockReader(Block block) {
    this(block, 0);
  }

  BlockReader(Block block, int position) {
    this.block = block;
    this.bytes = block.bytes();
    this.position = position;
    int columns = block.schema().columns().size();
    this.offsets = new int[columns];
    this.lengths = new int[columns];
  }

  /** Moves to the next row; false after the last one. */
  public boolean nextRow() {
    if (row == block.rows()) {
      if (position != block.length()) {
        throw corrupt();
      }
      return false;
    }
    try {
      int at = position;
      for (int column = 0; column < offsets.length; column++) {
        int first = bytes[at] & 0xff;
        int valueLength;
        if (first < BlockBuilder.NULL) {
          at += 1;
          valueLength = first;
        } else if (first == BlockBuilder.NULL) {
          at += 1;
          valueLength = -1;
        } else {
          if (first == 0xff) {
            throw corrupt();
          }
          int size = first == 0xfc ? 2 : first == 0xfd ? 3 : 8;
          valueLength = littleEndian(at + 1, Math.min(size, 4));
          if (valueLength < 0) {
            throw corrupt();
          }
          at += 1 + size;
        }
        offsets[column] = at;
        lengths[column] = valueLength;
        at += Math.max(valueLength, 0);
      }
      if (at > block.length()) {
        throw corrupt();
      }
      position = at;
    } catch (ArrayIndexOutOfBoundsException e) {
      throw corrupt();
    }
    row++;
    return true;
  }

  private int littleEndian(int at, int size) {
    int value = 0;
    for (int i = 0; i < size; i++) {
      value |= (bytes[at + i] & 0xff) << (8 * i);
    }
    return value;
  }

  /** The array that the slices are of. */
  public byte[] bytes() {
    return bytes;
  }

  public boolean isNull(int column) {
    return lengths[column] < 0;
  }

  public int offset(int column) {
    return offsets[column];
  }

  /** Length of the value in bytes, -1 if it is NULL. */
  public int length(int column) {
    return lengths[column];
  }

  /** A copy of the value, null if it is NULL. */
  public byte[] value(int column) {
    return isNull(column)
        ? null
        : Arrays.copyOfRange(bytes, offsets[column], offsets[column] + lengths[column]);
  }

  private DataException corrupt() {
    return new DataException(
        "A block of "
            + block.schema().qualifiedName()
            + " doesn't hold the rows it should: row "
            + row
            + " of "
            + block.rows()
            + " at byte "
            + position
            + " of "
            + block.length());
  }
}
