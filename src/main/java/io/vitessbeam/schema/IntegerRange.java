package io.vitessbeam.schema;

import java.math.BigInteger;

/** What an integer type holds, both ends included. */
public record IntegerRange(BigInteger least, BigInteger most) {

  private static final IntegerRange YEARS =
      new IntegerRange(BigInteger.ZERO, BigInteger.valueOf(2155));

  /** Whether a type is one of integers. */
  public static boolean isOf(ColumnType type) {
    return switch (type.base()) {
      case TINYINT, SMALLINT, MEDIUMINT, INT, BIGINT, YEAR, BIT -> true;
      default -> false;
    };
  }

  public static IntegerRange of(ColumnType type) {
    return switch (type.base()) {
      case TINYINT -> type.isTruth() ? ofBits(1, true) : ofBits(8, type.unsigned());
      case SMALLINT -> ofBits(16, type.unsigned());
      case MEDIUMINT -> ofBits(24, type.unsigned());
      case INT -> ofBits(32, type.unsigned());
      case BIGINT -> ofBits(64, type.unsigned());
      case BIT -> ofBits(type.length() == 0 ? 64 : Math.toIntExact(type.length()), true);
      case YEAR -> YEARS;
      default -> throw new IllegalArgumentException(type.base() + " is no integer");
    };
  }

  private static IntegerRange ofBits(int bits, boolean unsigned) {
    BigInteger half = BigInteger.ONE.shiftLeft(bits - 1);
    return unsigned
        ? new IntegerRange(BigInteger.ZERO, half.shiftLeft(1).subtract(BigInteger.ONE))
        : new IntegerRange(half.negate(), half.subtract(BigInteger.ONE));
  }

  public boolean contains(BigInteger integer) {
    return integer.compareTo(least) >= 0 && integer.compareTo(most) <= 0;
  }

  public boolean contains(IntegerRange other) {
    return contains(other.least) && contains(other.most);
  }

  /** Digits of the longest number. */
  public int digits() {
    return most.toString().length();
  }
}
