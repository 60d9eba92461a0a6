package io.vitessbeam.write.arrow;

import io.vitessbeam.schema.Column;
import io.vitessbeam.schema.WireNumbers;
import org.apache.arrow.memory.util.MemoryUtil;
import org.apache.arrow.vector.BaseFixedWidthVector;

/** BIGINT UNSIGNED. */
final class UnsignedLongWriter extends ColumnWriter {

  private final BaseFixedWidthVector vector;

  UnsignedLongWriter(String table, Column column, BaseFixedWidthVector vector) {
    super(table, column, vector);
    this.vector = vector;
  }

  @Override
  void allocate(int capacity) {
    vector.allocateNew(capacity);
  }

  @Override
  void write(byte[] bytes, int[] offsets, int[] lengths, int from, int to) {
    long address = vector.getDataBufferAddress() + 8L * count;
    for (int i = from; i < to; i++) {
      int length = lengths[i];
      long value = 0;
      if (length >= 0) {
        value = WireNumbers.parseUnsignedLong(bytes, offsets[i], length);
      } else {
        setNull(count + i);
      }
      MemoryUtil.putLong(address + 8L * i, value);
    }
  }
}
