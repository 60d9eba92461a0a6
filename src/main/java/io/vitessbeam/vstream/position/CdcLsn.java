package io.vitessbeam.vstream.position;

import io.vitessbeam.Vgtid;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The order of a change and a position to resume from, as the text of {@code _cdc_lsn}: {@code
 * <epoch:6>.<rank:20>.<row:10>:<payload>}. Texts sort, byte by byte, in the order of the changes of
 * one shard.
 *
 * @param epoch rises when ranks stop being comparable
 * @param rank number of transactions in the shard's GTID set after the row's own
 * @param row number of the row within its transaction, from 1; 0 for a copied row
 * @param resume position before which everything is in the destination when the row is; the row's
 *     own shard comes first in it
 */
public record CdcLsn(int epoch, long rank, long row, Vgtid resume) {

  /** Greater than the number of any row: the order of the end of a transaction. */
  public static final long LAST_ROW = 9_999_999_999L;

  /** Characters of the part that sorts. */
  public static final int ORDER_LENGTH = 38;

  private static final Pattern FORM = Pattern.compile("(\\d{6})\\.(\\d{20})\\.(\\d{10}):(.+)");

  private static final int MOST_EPOCH = 999_999;
  private static final long MOST_ROW = 9_999_999_999L;

  public CdcLsn {
    requireSortable(epoch, rank, row);
    Objects.requireNonNull(resume, "resume");
  }

  private static void requireSortable(int epoch, long rank, long row) {
    if (epoch < 0 || epoch > MOST_EPOCH || rank < 0 || row < 0 || row > MOST_ROW) {
      throw new IllegalArgumentException(
          "epoch " + epoch + ", rank " + rank + ", row " + row + " is no order of a change");
    }
  }

  /** The part that sorts. */
  public static String order(int epoch, long rank, long row) {
    requireSortable(epoch, rank, row);
    return String.format(Locale.ROOT, "%06d.%020d.%010d", epoch, rank, row);
  }

  /** The shard that the row's last change came from. */
  public String shard() {
    return resume.shards().get(0).shard();
  }

  /**
   * Reads a value of {@code _cdc_lsn}.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static CdcLsn parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("'" + text + "' is not the order of a change");
    }
    return new CdcLsn(
        Integer.parseInt(matcher.group(1)),
        Long.parseLong(matcher.group(2)),
        Long.parseLong(matcher.group(3)),
        Vgtid.decode(matcher.group(4)));
  }

  @Override
  public String toString() {
    return order(epoch, rank, row) + ":" + resume.encode();
  }
}
