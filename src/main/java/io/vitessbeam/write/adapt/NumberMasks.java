package io.vitessbeam.write.adapt;

import io.vitessbeam.schema.ColumnType;
import io.vitessbeam.schema.IntegerRange;
import io.vitessbeam.schema.MysqlType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Random;

/** Numbers that are less exact than they were. */
final class NumberMasks {

  private NumberMasks() {}

  /** The nearest multiple, the larger of two; with as many digits behind the point as before. */
  static String round(String value, BigDecimal step) {
    BigDecimal number = new BigDecimal(value);
    return step.multiply(number.divide(step, 0, RoundingMode.HALF_UP))
        .setScale(Math.max(0, number.scale()), RoundingMode.HALF_UP)
        .toPlainString();
  }

  /** {@code 40000-50000}: from a multiple to below the next. */
  static String range(String value, BigDecimal width) {
    BigDecimal number = new BigDecimal(value);
    BigDecimal low = width.multiply(number.divide(width, 0, RoundingMode.FLOOR));
    return low.toPlainString() + "-" + low.add(width).toPlainString();
  }

  /** More or less by up to a part of it; with as many digits behind the point as before. */
  static String noise(String value, BigDecimal part, Random random) {
    BigDecimal number = new BigDecimal(value);
    BigDecimal change = part.multiply(BigDecimal.valueOf(2 * random.nextDouble() - 1));
    return number
        .add(number.multiply(change))
        .setScale(Math.max(0, number.scale()), RoundingMode.HALF_UP)
        .toPlainString();
  }

  /** A number with no more digits, that the type can hold. */
  static String random(ColumnType type, String value, Random random) {
    BigDecimal number = new BigDecimal(value);
    if (type.base() == MysqlType.DOUBLE || type.base() == MysqlType.FLOAT) {
      double part = number.doubleValue() * random.nextDouble();
      return type.base() == MysqlType.DOUBLE ? Double.toString(part) : Float.toString((float) part);
    }
    int scale = Math.max(0, number.scale());
    int digits = Math.max(1, number.setScale(scale, RoundingMode.UNNECESSARY).precision());
    BigInteger unscaled =
        new BigInteger(Integer.SIZE + 4 * digits, random).mod(BigInteger.TEN.pow(digits));
    if (IntegerRange.isOf(type)) {
      IntegerRange range = IntegerRange.of(type);
      BigInteger least = range.least().max(BigInteger.ZERO);
      BigInteger values = range.most().subtract(least).add(BigInteger.ONE);
      unscaled = range.contains(unscaled) ? unscaled : least.add(unscaled.mod(values));
    }
    return new BigDecimal(unscaled, scale).toPlainString();
  }
}
