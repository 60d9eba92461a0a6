package io.vitessbeam.schema;

import java.io.Serializable;
import java.util.List;
import java.util.Objects;

/**
 * The type of a column with everything that decoding and mapping need.
 *
 * @param base the MySQL type
 * @param unsigned whether the column is UNSIGNED (ZEROFILL implies it)
 * @param length total digits of a DECIMAL, bits of a BIT, characters or bytes of a text or binary
 *     type, 0 where it has no meaning
 * @param scale fractional digits of a DECIMAL, a DATETIME, a TIMESTAMP or a TIME
 * @param labels members of an ENUM or a SET in the order of their definition
 * @param zeroAsNull whether values that are no calendar dates ({@code 0000-00-00}) are read as NULL
 *     instead of being an error
 */
public record ColumnType(
    MysqlType base,
    boolean unsigned,
    long length,
    int scale,
    List<String> labels,
    boolean zeroAsNull)
    implements Serializable {

  public ColumnType {
    Objects.requireNonNull(base, "base");
    labels = List.copyOf(labels);
  }

  /** A type that needs no more than its name. */
  public static ColumnType of(MysqlType base) {
    return new ColumnType(base, false, 0, 0, List.of(), false);
  }

  public static ColumnType unsigned(MysqlType base) {
    return new ColumnType(base, true, 0, 0, List.of(), false);
  }

  public static ColumnType of(MysqlType base, long length) {
    return new ColumnType(base, false, length, 0, List.of(), false);
  }

  public static ColumnType decimal(int precision, int scale) {
    return new ColumnType(MysqlType.DECIMAL, false, precision, scale, List.of(), false);
  }

  /** A temporal type with {@code fraction} digits of fractional seconds (0 to 6). */
  public static ColumnType temporal(MysqlType base, int fraction) {
    return new ColumnType(base, false, 0, fraction, List.of(), false);
  }

  public static ColumnType labelled(MysqlType base, List<String> labels) {
    return new ColumnType(base, false, 0, 0, labels, false);
  }

  /** A TINYINT(1) of 0 and 1 only: MySQL's own may hold other numbers, and has no length here. */
  public static ColumnType truth() {
    return of(MysqlType.TINYINT, 1);
  }

  /** Whether it is {@link #truth}. */
  public boolean isTruth() {
    return base == MysqlType.TINYINT && length == 1;
  }

  public ColumnType withZeroAsNull() {
    return new ColumnType(base, unsigned, length, scale, labels, true);
  }
}
