package io.vitessbeam.write.arrow;

import io.vitessbeam.schema.Column;
import io.vitessbeam.schema.WireNumbers;
import org.apache.arrow.memory.util.MemoryUtil;
import org.apache.arrow.vector.BaseFixedWidthVector;

/** Integers of one to eight bytes, all that a long holds; also YEAR. */
final class IntegerWriter extends ColumnWriter {

  private final BaseFixedWidthVector vector;
  private final int width;
  private final long min;
  private final long max;

  IntegerWriter(
      String table, Column column, BaseFixedWidthVector vector, int width, boolean unsigned) {
    super(table, column, vector);
    this.vector = vector;
    this.width = width;
    int bits = 8 * width;
    this.min = unsigned ? 0 : Long.MIN_VALUE >> (64 - bits);
    this.max = unsigned ? (1L << bits) - 1 : ~min;
  }

  @Override
  void allocate(int capacity) {
    vector.allocateNew(capacity);
  }

  @Override
  void write(byte[] bytes, int[] offsets, int[] lengths, int from, int to) {
    long address = vector.getDataBufferAddress();
    for (int i = from; i < to; i++) {
      int length = lengths[i];
      long value = 0;
      if (length >= 0) {
        value = WireNumbers.parseLong(bytes, offsets[i], length);
        if (value < min || value > max) {
          throw new NumberFormatException("'" + value + "' is not between " + min + " and " + max);
        }
      } else {
        setNull(count + i);
      }
      long at = address + (long) (count + i) * width;
      switch (width) {
        case 1 -> MemoryUtil.putByte(at, (byte) value);
        case 2 -> MemoryUtil.putShort(at, (short) value);
        case 4 -> MemoryUtil.putInt(at, (int) value);
        default -> MemoryUtil.putLong(at, value);
      }
    }
  }
}
