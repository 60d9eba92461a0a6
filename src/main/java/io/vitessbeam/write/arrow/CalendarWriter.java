package io.vitessbeam.write.arrow;

import io.vitessbeam.DataException;
import io.vitessbeam.schema.Column;
import io.vitessbeam.schema.WireTemporals;
import org.apache.arrow.memory.util.MemoryUtil;
import org.apache.arrow.vector.BaseFixedWidthVector;

/** DATE in days; DATETIME and TIMESTAMP in microseconds since 1970 (sessions run in UTC). */
final class CalendarWriter extends ColumnWriter {

  private final BaseFixedWidthVector vector;
  private final boolean days;
  private final boolean zeroAsNull;

  CalendarWriter(String table, Column column, BaseFixedWidthVector vector, boolean days) {
    super(table, column, vector);
    this.vector = vector;
    this.days = days;
    this.zeroAsNull = column.type().zeroAsNull();
  }

  @Override
  void allocate(int capacity) {
    vector.allocateNew(capacity);
  }

  @Override
  void write(byte[] bytes, int[] offsets, int[] lengths, int from, int to) {
    if (days) {
      writeDays(bytes, offsets, lengths, from, to);
    } else {
      writeMicros(bytes, offsets, lengths, from, to);
    }
  }

  private void writeDays(byte[] bytes, int[] offsets, int[] lengths, int from, int to) {
    long address = vector.getDataBufferAddress() + 4L * count;
    for (int i = from; i < to; i++) {
      long value = 0;
      if (lengths[i] >= 0) {
        value = WireTemporals.parseEpochDay(bytes, offsets[i], lengths[i]);
        if (value == WireTemporals.NOT_A_DATE) {
          noDate(bytes, offsets[i], lengths[i], i);
        }
      } else {
        setNull(count + i);
      }
      MemoryUtil.putInt(address + 4L * i, (int) value);
    }
  }

  private void writeMicros(byte[] bytes, int[] offsets, int[] lengths, int from, int to) {
    long address = vector.getDataBufferAddress() + 8L * count;
    for (int i = from; i < to; i++) {
      long value = 0;
      if (lengths[i] >= 0) {
        value = WireTemporals.parseEpochMicros(bytes, offsets[i], lengths[i]);
        if (value == WireTemporals.NOT_A_DATE) {
          noDate(bytes, offsets[i], lengths[i], i);
        }
      } else {
        setNull(count + i);
      }
      MemoryUtil.putLong(address + 8L * i, value);
    }
  }

  private void noDate(byte[] bytes, int offset, int length, int row) throws DataException {
    if (!zeroAsNull) {
      throw invalid(
          "it is in no calendar; choose --zero-dates=null or --zero-dates=text",
          bytes,
          offset,
          length,
          null);
    }
    setNull(count + row);
  }
}
