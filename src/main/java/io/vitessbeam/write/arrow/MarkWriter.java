package io.vitessbeam.write.arrow;

import io.vitessbeam.block.RowMarks;
import java.util.List;
import org.apache.arrow.memory.util.MemoryUtil;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;

/**
 * Fills the columns that stand for the marks of changes, behind those of the table: place of the
 * row in its stream, rank, number, kind, commit time, and one character per column that is 1 where
 * the change did not send it (NULL if it sent all).
 */
final class MarkWriter {

  private final int columns;
  private final BaseFixedWidthVector place;
  private final BaseFixedWidthVector rank;
  private final BaseFixedWidthVector number;
  private final BaseFixedWidthVector kind;
  private final BaseFixedWidthVector seconds;
  private final VarCharVector absent;
  private int count;

  /**
   * @param columns of the table; the marks' are behind them
   */
  MarkWriter(VectorSchemaRoot root, int columns) {
    this.columns = columns;
    this.place = (BaseFixedWidthVector) root.getVector(columns);
    this.rank = (BaseFixedWidthVector) root.getVector(columns + 1);
    this.number = (BaseFixedWidthVector) root.getVector(columns + 2);
    this.kind = (BaseFixedWidthVector) root.getVector(columns + 3);
    this.seconds = (BaseFixedWidthVector) root.getVector(columns + 4);
    this.absent = (VarCharVector) root.getVector(columns + 5);
  }

  static List<Field> fields() {
    return List.of(
        field("place", new ArrowType.Int(64, true)),
        field("rank", new ArrowType.Int(64, true)),
        field("number", new ArrowType.Int(32, true)),
        field("kind", new ArrowType.Int(8, true)),
        field("seconds", new ArrowType.Int(32, false)),
        field("absent", new ArrowType.Utf8()));
  }

  /** Columns are taken by their order; the names only must not be those of the table's columns. */
  private static Field field(String name, ArrowType type) {
    return new Field("_vitessbeam_" + name, new FieldType(true, type, null), null);
  }

  void begin(int capacity) {
    count = 0;
    for (BaseFixedWidthVector vector : fixed()) {
      vector.allocateNew(capacity);
      MemoryUtil.setMemory(
          vector.getValidityBuffer().memoryAddress(), (capacity + 7) >>> 3, (byte) 0xff);
    }
    absent.allocateNew(0, capacity);
  }

  /**
   * Adds the marks of some rows of a block.
   *
   * @param sequence number of the block in its stream
   * @param first row of the block
   */
  void append(RowMarks marks, long sequence, int first, int rows) {
    long places = place.getDataBufferAddress() + 8L * count;
    long ranks = rank.getDataBufferAddress() + 8L * count;
    long numbers = number.getDataBufferAddress() + 4L * count;
    long kinds = kind.getDataBufferAddress() + count;
    long times = seconds.getDataBufferAddress() + 4L * count;
    long firstPlace = (sequence << 32) + first;
    for (int i = 0; i < rows; i++) {
      int row = first + i;
      MemoryUtil.putLong(places + 8L * i, firstPlace + i);
      MemoryUtil.putLong(ranks + 8L * i, marks.rank(row));
      MemoryUtil.putInt(numbers + 4L * i, marks.number(row));
      MemoryUtil.putByte(kinds + i, marks.kind(row).code());
      MemoryUtil.putInt(times + 4L * i, (int) marks.commitSeconds(row));
    }
    if (marks.hasAbsent()) {
      appendAbsent(marks, first, rows);
    }
    count += rows;
  }

  private void appendAbsent(RowMarks marks, int first, int rows) {
    byte[] bits = new byte[columns];
    for (int i = 0; i < rows; i++) {
      boolean any = false;
      for (int column = 0; column < columns; column++) {
        boolean isAbsent = marks.isAbsent(first + i, column);
        bits[column] = (byte) (isAbsent ? '1' : '0');
        any |= isAbsent;
      }
      if (any) {
        absent.setSafe(count + i, bits);
      }
    }
  }

  void end() {
    for (BaseFixedWidthVector vector : fixed()) {
      vector.setValueCount(count);
    }
    absent.setValueCount(count);
  }

  private List<BaseFixedWidthVector> fixed() {
    return List.of(place, rank, number, kind, seconds);
  }
}
