package io.vitessbeam.block;

import java.util.Arrays;

/**
 * What a block of changes says about its rows beside their values: kind, order and commit time of
 * each. Immutable by agreement, like the block.
 *
 * <p>The rows of a block are all copied ones, or all changes.
 *
 * <p>The order of a row within its shard is the rank of its transaction, then its number in it.
 */
public final class RowMarks {

  /** What the marks of a row take in memory. */
  public static final int BYTES_PER_ROW = 1 + 8 + 4 + 4;

  private final byte[] kinds;
  private final long[] ranks;
  private final int[] numbers;
  private final int[] commitSeconds;
  private final long[][] absent;
  private final String[] gtids;

  /**
   * The arrays are not copied; they hold one entry per row at least.
   *
   * @param ranks number of transactions in the shard's GTID set after the row's own
   * @param numbers number of the row within its transaction, from 1; 0 for a copied row
   * @param commitSeconds seconds since 1970, unsigned; 0 if unknown
   * @param absent null, or per row null or a bit set (by column index) of the columns that the
   *     change left alone and did not send
   */
  public RowMarks(byte[] kinds, long[] ranks, int[] numbers, int[] commitSeconds, long[][] absent) {
    this(kinds, ranks, numbers, commitSeconds, absent, null);
  }

  /**
   * The same with positions.
   *
   * @param gtids the shard's GTID set after the row's transaction, as vtgate writes it; rows of one
   *     transaction share theirs
   */
  public RowMarks(
      byte[] kinds,
      long[] ranks,
      int[] numbers,
      int[] commitSeconds,
      long[][] absent,
      String[] gtids) {
    this.gtids = gtids;
    this.kinds = kinds;
    this.ranks = ranks;
    this.numbers = numbers;
    this.commitSeconds = commitSeconds;
    this.absent = absent;
  }

  /** Gives all rows the place and the time of the transaction that they turn out to be of. */
  public void commit(long rank, int seconds, String gtid) {
    Arrays.fill(ranks, rank);
    Arrays.fill(commitSeconds, seconds);
    if (gtids != null) {
      Arrays.fill(gtids, gtid);
    }
  }

  /** Whether rows know the positions of their transactions. */
  public boolean hasGtids() {
    return gtids != null;
  }

  /** The shard's GTID set after the row's transaction; null if it isn't noted. */
  public String gtid(int row) {
    return gtids == null ? null : gtids[row];
  }

  /** What the marks of a block's rows take in memory, roughly. */
  long bytes(int rows) {
    long bytes = (long) rows * BYTES_PER_ROW;
    String last = null;
    for (int row = 0; gtids != null && row < rows; row++) {
      if (gtids[row] != null && !gtids[row].equals(last)) {
        last = gtids[row];
        bytes += bytesOf(last);
      }
    }
    return bytes;
  }

  /** What a GTID set takes in memory, roughly: as a string with its header. */
  public static long bytesOf(String gtid) {
    return 56L + gtid.length();
  }

  public RowKind kind(int row) {
    return RowKind.of(kinds[row]);
  }

  /**
   * Whether all rows are copied ones.
   *
   * @param rows of the block
   * @throws IllegalArgumentException if some are and others aren't
   */
  public boolean areCopied(int rows) {
    boolean copied = rows > 0 && kinds[0] == RowKind.COPY.code();
    for (int row = 1; row < rows; row++) {
      if ((kinds[row] == RowKind.COPY.code()) != copied) {
        throw new IllegalArgumentException("a block has both copied rows and changes");
      }
    }
    return copied;
  }

  public long rank(int row) {
    return ranks[row];
  }

  public int number(int row) {
    return numbers[row];
  }

  /** Seconds since 1970, 0 if unknown. */
  public long commitSeconds(int row) {
    return Integer.toUnsignedLong(commitSeconds[row]);
  }

  /** Whether any row of the block lacks a column. */
  public boolean hasAbsent() {
    return absent != null;
  }

  /** Whether a row came without a column, which the change left as it was. */
  public boolean isAbsent(int row, int column) {
    if (absent == null || absent[row] == null) {
      return false;
    }
    long[] bits = absent[row];
    return column >> 6 < bits.length && (bits[column >> 6] >>> (column & 63) & 1) != 0;
  }

  /** The columns that a row came without, null for none; see the constructor. */
  long[] absent(int row) {
    return absent == null ? null : absent[row];
  }

  boolean equals(RowMarks other, int rows) {
    return Arrays.equals(kinds, 0, rows, other.kinds, 0, rows)
        && Arrays.equals(ranks, 0, rows, other.ranks, 0, rows)
        && Arrays.equals(numbers, 0, rows, other.numbers, 0, rows)
        && Arrays.equals(commitSeconds, 0, rows, other.commitSeconds, 0, rows)
        && sameGtids(other, rows)
        && sameAbsent(other, rows);
  }

  private boolean sameGtids(RowMarks other, int rows) {
    if (gtids == null || other.gtids == null) {
      return hasGtids() == other.hasGtids();
    }
    return Arrays.equals(gtids, 0, rows, other.gtids, 0, rows);
  }

  private boolean sameAbsent(RowMarks other, int rows) {
    for (int row = 0; row < rows; row++) {
      if (!Arrays.equals(absent(row), other.absent(row))) {
        return false;
      }
    }
    return true;
  }
}
