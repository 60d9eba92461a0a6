package io.vitessbeam.write.arrow;

import io.vitessbeam.schema.Column;
import org.apache.arrow.memory.util.MemoryUtil;
import org.apache.arrow.vector.BaseFixedWidthVector;

/** Values of 8 bytes that differ only in how they are parsed. */
final class WordWriter extends ColumnWriter {

  /** Gives the bits of a value. */
  @FunctionalInterface
  interface Parser {
    long bits(byte[] bytes, int offset, int length);
  }

  private final BaseFixedWidthVector vector;
  private final Parser parser;

  WordWriter(String table, Column column, BaseFixedWidthVector vector, Parser parser) {
    super(table, column, vector);
    this.vector = vector;
    this.parser = parser;
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
        value = parser.bits(bytes, offsets[i], length);
      } else {
        setNull(count + i);
      }
      MemoryUtil.putLong(address + 8L * i, value);
    }
  }
}
