package io.vitessbeam.write.arrow;

import io.vitessbeam.DataException;
import io.vitessbeam.schema.Column;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import org.apache.arrow.memory.util.MemoryUtil;
import org.apache.arrow.vector.FieldVector;

/**
 * Fills one column of an Arrow batch from slices of a block. Subclasses loop over many values per
 * call, so that the parser of their type is inlined, and write to the vector's memory without a
 * bounds check: {@link BlockBatches} never appends more rows than {@link #begin} made room for.
 */
abstract class ColumnWriter {

  private static final int SHOWN_CHARACTERS = 80;

  final Column column;
  private final String table;
  private final FieldVector vector;
  private long validity;

  /** Rows that the batch has so far. */
  int count;

  ColumnWriter(String table, Column column, FieldVector vector) {
    this.table = table;
    this.column = column;
    this.vector = vector;
  }

  /** Starts a new batch; the memory of the last one belongs to whoever took it. */
  final void begin(int capacity) {
    count = 0;
    allocate(capacity);
    validity = vector.getValidityBuffer().memoryAddress();
    MemoryUtil.setMemory(validity, (capacity + 7) >>> 3, (byte) 0xff);
  }

  /**
   * Adds one value for each row.
   *
   * @param lengths -1 for a NULL
   */
  final void append(byte[] bytes, int[] offsets, int[] lengths, int rows) {
    try {
      write(bytes, offsets, lengths, 0, rows);
    } catch (NumberFormatException | DateTimeException e) {
      throw blame(bytes, offsets, lengths, rows, e);
    }
    count += rows;
  }

  /** Ends the batch: the vector holds {@link #count} values. */
  void end() {
    vector.setValueCount(count);
  }

  /** Gives the vector new memory for a number of rows. */
  abstract void allocate(int capacity);

  /**
   * Writes the values of the rows {@code from} to {@code to}, the first at {@code count + from}.
   */
  abstract void write(byte[] bytes, int[] offsets, int[] lengths, int from, int to);

  /** Marks a row of the batch as NULL. */
  final void setNull(int row) {
    if (!column.nullable()) {
      throw new DataException("Column " + name() + " is NOT NULL, but a row has NULL for it");
    }
    long address = validity + (row >>> 3);
    MemoryUtil.putByte(address, (byte) (MemoryUtil.getByte(address) & ~(1 << (row & 7))));
  }

  final DataException invalid(
      String why, byte[] bytes, int offset, int length, RuntimeException cause) {
    String shown =
        new String(bytes, offset, Math.min(length, SHOWN_CHARACTERS), StandardCharsets.UTF_8);
    String more = length > SHOWN_CHARACTERS ? "…" : "";
    return new DataException("Column " + name() + ", value '" + shown + more + "': " + why, cause);
  }

  private String name() {
    return column.name() + " of " + table;
  }

  /** Finds the value that failed by writing the rows again one by one; costs nothing until then. */
  private RuntimeException blame(
      byte[] bytes, int[] offsets, int[] lengths, int rows, RuntimeException failure) {
    for (int row = 0; row < rows; row++) {
      try {
        write(bytes, offsets, lengths, row, row + 1);
      } catch (NumberFormatException | DateTimeException e) {
        return invalid("it " + reason(e), bytes, offsets[row], lengths[row], e);
      }
    }
    return failure;
  }

  /** The parsers' messages start with the value itself, which is shown already. */
  private static String reason(RuntimeException e) {
    String message = String.valueOf(e.getMessage());
    int is = message.lastIndexOf(" is not ");
    return is < 0 ? "can't be read: " + message : message.substring(is + 1);
  }
}
