package io.vitessbeam.block;

import io.vitessbeam.schema.TableSchema;
import java.util.Arrays;
import java.util.Objects;

/**
 * Some rows of one table in the shape in which MySQL sends them, the element that pipelines move.
 *
 * <p>A row is its values one after the other, each a length-encoded string of the MySQL protocol
 * (the byte 0xFB alone is NULL), without anything between rows. Values are decoded once, at the
 * destination, by {@link BlockReader}. Immutable by agreement: whoever has a block leaves the bytes
 * alone.
 *
 * @see <a
 *     href="https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_basic_dt_strings.html">
 *     Length-encoded strings</a>
 */
public final class Block {

  private final TableSchema schema;
  private final Origin origin;
  private final int rows;
  private final byte[] bytes;
  private final int length;
  private final RowMarks marks;

  /**
   * A block of plain rows.
   *
   * @param bytes holds the rows in its first {@code length} bytes; not copied
   */
  public Block(TableSchema schema, Origin origin, int rows, byte[] bytes, int length) {
    this(schema, origin, rows, bytes, length, null);
  }

  /**
   * A block of changes.
   *
   * @param bytes holds the rows in its first {@code length} bytes; not copied
   * @param marks of the rows; null for plain rows
   */
  public Block(
      TableSchema schema, Origin origin, int rows, byte[] bytes, int length, RowMarks marks) {
    this.schema = Objects.requireNonNull(schema, "schema");
    this.origin = Objects.requireNonNull(origin, "origin");
    this.rows = rows;
    this.bytes = Objects.requireNonNull(bytes, "bytes");
    this.length = Objects.checkFromIndexSize(0, length, bytes.length) + length;
    this.marks = marks;
  }

  /** The closing block of a range: no rows, but the number of rows that the range had. */
  public static Block closing(TableSchema schema, Origin origin) {
    return new Block(schema, origin, 0, new byte[0], 0);
  }

  /** The same rows at another place in their read. */
  public Block withOrigin(Origin other) {
    return new Block(schema, other, rows, bytes, length, marks);
  }

  /** The same bytes as rows, if there are any, of another schema, which has as many columns. */
  public Block withSchema(TableSchema other) {
    if (rows > 0 && other.columns().size() != schema.columns().size()) {
      throw new IllegalArgumentException(other + " has not as many columns as " + schema);
    }
    return new Block(other, origin, rows, bytes, length, marks);
  }

  public TableSchema schema() {
    return schema;
  }

  public Origin origin() {
    return origin;
  }

  public int rows() {
    return rows;
  }

  /** The array that holds the rows; only its first {@link #length()} bytes are of this block. */
  byte[] bytes() {
    return bytes;
  }

  /** What is known of the rows beside their values; null unless the block is one of changes. */
  public RowMarks marks() {
    return marks;
  }

  /** Size of the rows in bytes. */
  public int length() {
    return length;
  }

  /** Size of the rows with their marks in bytes. */
  public long size() {
    return length + (marks == null ? 0 : marks.bytes(rows));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Block block
        && rows == block.rows
        && origin.equals(block.origin)
        && schema.equals(block.schema)
        && (marks == null
            ? block.marks == null
            : block.marks != null && marks.equals(block.marks, rows))
        && Arrays.equals(bytes, 0, length, block.bytes, 0, block.length);
  }

  @Override
  public int hashCode() {
    return Objects.hash(origin, rows, length);
  }

  @Override
  public String toString() {
    return "Block[" + schema.qualifiedName() + ", " + origin + ", " + rows + " rows]";
  }
}
