package io.vitessbeam.read.duckdb;

import io.vitessbeam.block.BlockBuilder;
import io.vitessbeam.read.cursor.ColumnText;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.BaseVariableWidthVector;

/**
 * The values of one column of a batch. They are copied out of native memory at one stroke, unless
 * they are so long that one by one costs as little and takes less memory.
 */
final class ColumnSlices {

  private static final int MOST_AT_ONCE = 4 << 20;

  private BaseVariableWidthVector vector;
  private boolean nulls;
  private boolean copied;
  private int[] offsets = new int[0];
  private byte[] bytes = new byte[0];

  void load(BaseVariableWidthVector newVector, int rows) {
    vector = newVector;
    nulls = vector.getNullCount() > 0;
    if (offsets.length <= rows) {
      offsets = new int[rows + 1];
    }
    ArrowBuf starts = vector.getOffsetBuffer();
    for (int i = 0; i <= rows; i++) {
      offsets[i] = starts.getInt(4L * i);
    }
    int length = offsets[rows] - offsets[0];
    copied = length <= MOST_AT_ONCE;
    if (copied) {
      reserve(length);
      vector.getDataBuffer().getBytes(offsets[0], bytes, 0, length);
    }
  }

  void add(BlockBuilder block, ColumnText texts, int column, int row) {
    if (nulls && vector.isNull(row)) {
      block.addNull();
      return;
    }
    int length = offsets[row + 1] - offsets[row];
    int start = 0;
    if (copied) {
      start = offsets[row] - offsets[0];
    } else {
      reserve(length);
      vector.getDataBuffer().getBytes(offsets[row], bytes, 0, length);
    }
    texts.add(block, column, bytes, start, length);
  }

  private void reserve(int length) {
    if (bytes.length < length) {
      bytes = new byte[length];
    }
  }
}
