package io.vitessbeam.write.arrow;

import io.vitessbeam.schema.Column;
import io.vitessbeam.schema.WireNumbers;
import org.apache.arrow.memory.util.MemoryUtil;
import org.apache.arrow.vector.BaseFixedWidthVector;

/** FLOAT. */
final class FloatWriter extends ColumnWriter {

  private final BaseFixedWidthVector vector;

  FloatWriter(String table, Column column, BaseFixedWidthVector vector) {
    super(table, column, vector);
    this.vector = vector;
  }

  @Override
  void allocate(int capacity) {
    vector.allocateNew(capacity);
  }

  @Override
  void write(byte[] bytes, int[] offsets, int[] lengths, int from, int to) {
    long address = vector.getDataBufferAddress() + 4L * count;
    for (int i = from; i < to; i++) {
      int length = lengths[i];
      float value = 0;
      if (length >= 0) {
        value = WireNumbers.parseFloat(bytes, offsets[i], length);
      } else {
        setNull(count + i);
      }
      MemoryUtil.putInt(address + 4L * i, Float.floatToRawIntBits(value));
    }
  }
}
