package io.vitessbeam.write.arrow;

import io.vitessbeam.schema.Column;
import org.apache.arrow.memory.util.MemoryUtil;
import org.apache.arrow.vector.BaseVariableWidthVector;

/**
 * Text and bytes. Short values are gathered on the heap first, since one copy of many to native
 * memory is cheaper than many small ones; long values are copied once, from the block.
 */
final class VariableWriter extends ColumnWriter {

  private static final int SCRATCH_BYTES = 64 << 10;
  private static final int LONG_VALUE = 4 << 10;

  private final BaseVariableWidthVector vector;
  private final boolean text;
  private final byte[] scratch = new byte[SCRATCH_BYTES];

  /** Bytes of the batch in native memory. */
  private int written;

  /** Capacity that the last batch needed, a good guess for the next. */
  private int expected = SCRATCH_BYTES;

  VariableWriter(String table, Column column, BaseVariableWidthVector vector, boolean text) {
    super(table, column, vector);
    this.vector = vector;
    this.text = text;
  }

  @Override
  void allocate(int capacity) {
    vector.allocateNew(expected, capacity);
    written = 0;
    MemoryUtil.putInt(vector.getOffsetBufferAddress(), 0);
  }

  @Override
  void write(byte[] bytes, int[] offsets, int[] lengths, int from, int to) {
    ensure(lengths, from, to);
    long ends = vector.getOffsetBufferAddress() + 4L * (count + 1);
    int gathered = 0;
    int firstGathered = from;
    for (int i = from; i < to; i++) {
      int length = lengths[i];
      if (length < 0) {
        setNull(count + i);
      } else if (length > LONG_VALUE) {
        flush(bytes, offsets, lengths, firstGathered, i, gathered);
        gathered = 0;
        firstGathered = i + 1;
        check(bytes, offsets[i], length);
        copy(bytes, offsets[i], length);
      } else {
        if (gathered + length > SCRATCH_BYTES) {
          flush(bytes, offsets, lengths, firstGathered, i, gathered);
          gathered = 0;
          firstGathered = i;
        }
        System.arraycopy(bytes, offsets[i], scratch, gathered, length);
        gathered += length;
      }
      MemoryUtil.putInt(ends + 4L * i, written + gathered);
    }
    flush(bytes, offsets, lengths, firstGathered, to, gathered);
  }

  @Override
  void end() {
    // Otherwise Arrow takes the rows for unset and overwrites their offsets.
    vector.setLastSet(count - 1);
    super.end();
    // A giant value must not make every later batch as big.
    expected = Math.min(Math.max(written + (written >> 3), SCRATCH_BYTES), 4 << 20);
  }

  /** Copies the values of some rows, which are in the scratch array, to native memory. */
  private void flush(byte[] bytes, int[] offsets, int[] lengths, int from, int to, int gathered) {
    if (text && !Utf8.isAscii(scratch, 0, gathered)) {
      for (int i = from; i < to; i++) {
        check(bytes, offsets[i], Math.max(lengths[i], 0));
      }
    }
    copy(scratch, 0, gathered);
  }

  private void copy(byte[] source, int offset, int length) {
    MemoryUtil.copyToMemory(source, offset, vector.getDataBufferAddress() + written, length);
    written += length;
  }

  private void check(byte[] bytes, int offset, int length) {
    if (text && !Utf8.isValid(bytes, offset, length)) {
      throw invalid("it is not valid UTF-8", bytes, offset, length, null);
    }
  }

  private void ensure(int[] lengths, int from, int to) {
    long wanted = written;
    for (int i = from; i < to; i++) {
      wanted += Math.max(lengths[i], 0);
    }
    if (wanted > vector.getDataBuffer().capacity()) {
      vector.reallocDataBuffer(wanted);
    }
  }
}
