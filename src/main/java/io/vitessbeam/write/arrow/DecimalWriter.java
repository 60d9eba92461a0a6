package io.vitessbeam.write.arrow;

import io.vitessbeam.schema.Column;
import io.vitessbeam.schema.WireNumbers;
import java.math.BigInteger;
import org.apache.arrow.memory.util.MemoryUtil;
import org.apache.arrow.vector.DecimalVector;

/** DECIMAL of up to 38 digits, which Arrow and DuckDB hold in 16 bytes. */
final class DecimalWriter extends ColumnWriter {

  /** Digits that a long always holds. */
  private static final int LONG_DIGITS = 18;

  private final DecimalVector vector;
  private final boolean fitsLong;
  private final int scale;

  DecimalWriter(String table, Column column, DecimalVector vector) {
    super(table, column, vector);
    this.vector = vector;
    this.fitsLong = column.type().length() <= LONG_DIGITS;
    this.scale = column.type().scale();
  }

  @Override
  void allocate(int capacity) {
    vector.allocateNew(capacity);
  }

  @Override
  void write(byte[] bytes, int[] offsets, int[] lengths, int from, int to) {
    long address = vector.getDataBufferAddress() + 16L * count;
    for (int i = from; i < to; i++) {
      int length = lengths[i];
      long low = 0;
      long high = 0;
      if (length < 0) {
        setNull(count + i);
      } else if (fitsLong || length <= LONG_DIGITS - scale) {
        low = WireNumbers.parseUnscaledLong(bytes, offsets[i], length, scale);
        high = low >> 63;
      } else {
        BigInteger value = WireNumbers.parseUnscaled(bytes, offsets[i], length, scale);
        low = value.longValue();
        high = value.shiftRight(64).longValue();
        if (value.bitLength() > 127) {
          throw new NumberFormatException("'" + value + "' is not a decimal of 38 digits");
        }
      }
      MemoryUtil.putLong(address + 16L * i, low);
      MemoryUtil.putLong(address + 16L * i + 8, high);
    }
  }
}
