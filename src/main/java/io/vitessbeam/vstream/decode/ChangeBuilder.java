package io.vitessbeam.vstream.decode;

import io.vitessbeam.block.Block;
import io.vitessbeam.block.BlockBuilder;
import io.vitessbeam.block.Origin;
import io.vitessbeam.block.RowKind;
import io.vitessbeam.block.RowMarks;
import io.vitessbeam.schema.TableSchema;
import java.util.Arrays;

/**
 * Gathers the changes of one table. The rows of the transaction that is under way come last; their
 * rank is known when it commits. For one thread.
 */
public final class ChangeBuilder {

  private static final int FIRST_ROWS = 256;

  private final BlockBuilder rows;
  private byte[] kinds = new byte[FIRST_ROWS];
  private long[] ranks = new long[FIRST_ROWS];
  private int[] numbers = new int[FIRST_ROWS];
  private int[] commitSeconds = new int[FIRST_ROWS];
  private long[][] absent;

  /** Null if positions are not noted. */
  private String[] gtids;

  private int committedRows;
  private int committedLength;

  /** Rows that the transaction under way has had so far, built or not. */
  private int number;

  public ChangeBuilder(TableSchema schema, int capacity) {
    this(schema, capacity, false);
  }

  /**
   * @param withGtids whether the position of each transaction is noted
   */
  ChangeBuilder(TableSchema schema, int capacity, boolean withGtids) {
    rows = new BlockBuilder(schema, capacity);
    gtids = withGtids ? new String[FIRST_ROWS] : null;
  }

  /** Begins a row, whose values go to {@link #values()}. */
  public void startRow(RowKind kind) {
    int row = rows.rows();
    if (row == kinds.length) {
      grow();
    }
    rows.startRow();
    kinds[row] = kind.code();
    numbers[row] = kind == RowKind.COPY ? 0 : ++number;
  }

  private void grow() {
    int size = kinds.length * 2;
    kinds = Arrays.copyOf(kinds, size);
    ranks = Arrays.copyOf(ranks, size);
    numbers = Arrays.copyOf(numbers, size);
    commitSeconds = Arrays.copyOf(commitSeconds, size);
    if (absent != null) {
      absent = Arrays.copyOf(absent, size);
    }
    if (gtids != null) {
      gtids = Arrays.copyOf(gtids, size);
    }
  }

  public BlockBuilder values() {
    return rows;
  }

  /** Notes that a column of the row under way did not come. */
  public void markAbsent(int column) {
    if (absent == null) {
      absent = new long[kinds.length][];
    }
    int row = rows.rows() - 1;
    int word = column >> 6;
    long[] bits = absent[row] == null ? new long[word + 1] : absent[row];
    if (word >= bits.length) {
      bits = Arrays.copyOf(bits, word + 1);
    }
    bits[word] |= 1L << (column & 63);
    absent[row] = bits;
  }

  /** Bytes of the rows of the transaction under way, with their marks. */
  long openBytes() {
    return bytes(rows.rows() - committedRows, rows.length() - committedLength);
  }

  private static long bytes(int rows, int length) {
    return length + (long) rows * RowMarks.BYTES_PER_ROW;
  }

  /**
   * Whether rows that are copied, or changes, can go into a block with the committed rows: they are
   * staged in different tables.
   */
  public boolean fits(boolean copy) {
    return committedRows == 0 || (kinds[committedRows - 1] == RowKind.COPY.code()) == copy;
  }

  boolean hasOpenRows() {
    return rows.rows() > committedRows;
  }

  /**
   * The transaction under way turns out to be this one.
   *
   * @param gtid the shard's set behind it
   * @return the bytes of its rows, as {@link #openBytes}
   */
  public long commit(long rank, int seconds, String gtid) {
    long bytes = openBytes() + (gtids == null ? 0 : RowMarks.bytesOf(gtid));
    int end = rows.rows();
    Arrays.fill(ranks, committedRows, end, rank);
    Arrays.fill(commitSeconds, committedRows, end, seconds);
    if (gtids != null) {
      Arrays.fill(gtids, committedRows, end, gtid);
    }
    committedRows = end;
    committedLength = rows.length();
    number = 0;
    return bytes;
  }

  /** Drops the rows of the transaction under way. */
  void rollback() {
    if (absent != null) {
      Arrays.fill(absent, committedRows, rows.rows(), null);
    }
    rows.truncate(committedRows, committedLength);
    number = 0;
  }

  /** The block of all committed rows; null without any. */
  public Block buildCommitted(Origin origin) {
    if (committedRows == 0) {
      return null;
    }
    int open = rows.rows() - committedRows;
    Block block =
        rows.build(origin, committedRows, committedLength, takeMarks(committedRows, open));
    committedRows = 0;
    committedLength = 0;
    return block;
  }

  /** The block of the rows of the transaction under way, when none before it are left. */
  public Block buildOpen(Origin origin) {
    int count = rows.rows();
    return rows.build(origin, count, rows.length(), takeMarks(count, 0));
  }

  private RowMarks takeMarks(int count, int rest) {
    RowMarks marks = new RowMarks(kinds, ranks, numbers, commitSeconds, absent, gtids);
    int size = Math.max(FIRST_ROWS, Math.max(rest, Math.min(kinds.length, 2 * count)));
    kinds = moved(kinds, count, rest, size);
    numbers = Arrays.copyOf(Arrays.copyOfRange(numbers, count, count + rest), size);
    ranks = new long[size];
    commitSeconds = new int[size];
    gtids = gtids == null ? null : new String[size];
    if (absent != null) {
      long[][] left = Arrays.copyOf(Arrays.copyOfRange(absent, count, count + rest), size);
      absent = Arrays.stream(left).anyMatch(bits -> bits != null) ? left : null;
    }
    return marks;
  }

  private static byte[] moved(byte[] from, int count, int rest, int size) {
    return Arrays.copyOf(Arrays.copyOfRange(from, count, count + rest), size);
  }
}
