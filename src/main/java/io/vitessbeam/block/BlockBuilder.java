package io.vitessbeam.block;

import io.vitessbeam.schema.TableSchema;
import java.util.Arrays;

/** Gathers rows into blocks. For one thread. */
public final class BlockBuilder {

  static final int NULL = 0xfb;
  private static final int TWO_BYTES = 0xfc;
  private static final int THREE_BYTES = 0xfd;
  private static final int EIGHT_BYTES = 0xfe;

  private final TableSchema schema;
  private final int initialCapacity;
  private byte[] bytes;
  private int length;
  private int rows;
  private int lastRow;

  /**
   * @param initialCapacity bytes to start with; a block grows beyond them when a row needs it
   */
  public BlockBuilder(TableSchema schema, int initialCapacity) {
    this.schema = schema;
    this.initialCapacity = initialCapacity;
    this.bytes = new byte[initialCapacity];
  }

  public int rows() {
    return rows;
  }

  public int length() {
    return length;
  }

  /** Adds a row that has a block's shape already: the payload of a text protocol row packet. */
  public void addRow(byte[] row, int offset, int rowLength) {
    startRow();
    ensure(rowLength);
    System.arraycopy(row, offset, bytes, length, rowLength);
    length += rowLength;
  }

  /** Begins a row whose values are added one by one. */
  public void startRow() {
    lastRow = length;
    rows++;
  }

  public void addNull() {
    ensure(1);
    bytes[length++] = (byte) NULL;
  }

  public void addValue(byte[] value, int offset, int valueLength) {
    ensure(9 + valueLength);
    if (valueLength < NULL) {
      bytes[length++] = (byte) valueLength;
    } else if (valueLength < 1 << 16) {
      addLength(TWO_BYTES, 2, valueLength);
    } else if (valueLength < 1 << 24) {
      addLength(THREE_BYTES, 3, valueLength);
    } else {
      addLength(EIGHT_BYTES, 8, valueLength);
    }
    System.arraycopy(value, offset, bytes, length, valueLength);
    length += valueLength;
  }

  private void addLength(int marker, int size, int valueLength) {
    bytes[length++] = (byte) marker;
    for (int i = 0; i < size; i++) {
      bytes[length++] = i < 4 ? (byte) (valueLength >>> (8 * i)) : 0;
    }
  }

  /** Reads the values of the row added last, before {@link #build} ends the block. */
  public BlockReader lastRow() {
    Block block = new Block(schema, new Origin(0, 0, 1, 0, -1, ""), 1, bytes, length);
    BlockReader reader = new BlockReader(block, lastRow);
    reader.nextRow();
    return reader;
  }

  /** The block of all rows added since the last one; the builder goes on with an empty block. */
  public Block build(Origin origin) {
    return build(origin, rows, length, null);
  }

  /**
   * The block of the first rows; the builder goes on with the rest.
   *
   * @param firstRows how many
   * @param firstLength bytes that these rows have
   * @param marks of the rows, null for none
   */
  public Block build(Origin origin, int firstRows, int firstLength, RowMarks marks) {
    Block block = new Block(schema, origin, firstRows, bytes, firstLength, marks);
    int restLength = length - firstLength;
    byte[] rest = new byte[Math.max(initialCapacity, restLength)];
    System.arraycopy(bytes, firstLength, rest, 0, restLength);
    bytes = rest;
    length = restLength;
    rows -= firstRows;
    lastRow = Math.max(0, lastRow - firstLength);
    return block;
  }

  /** Drops the rows behind the first ones, as {@link #build} counts them. */
  public void truncate(int firstRows, int firstLength) {
    rows = firstRows;
    length = firstLength;
    lastRow = Math.min(lastRow, firstLength);
  }

  /** Drops the rows added since the last block. */
  public void clear() {
    truncate(0, 0);
  }

  private void ensure(int more) {
    if (bytes.length - length < more) {
      long wanted = Math.max((long) length + more, bytes.length + (bytes.length >> 1));
      bytes = Arrays.copyOf(bytes, Math.toIntExact(Math.min(wanted, Integer.MAX_VALUE - 8)));
    }
  }
}
