package io.vitessbeam.write.adapt;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vitessbeam.schema.ColumnType;
import io.vitessbeam.schema.IntegerRange;
import io.vitessbeam.schema.MysqlType;
import io.vitessbeam.schema.WireNumbers;
import io.vitessbeam.write.load.UnfitValueException;
import java.math.BigDecimal;
import java.math.BigInteger;

/** Numbers in types of numbers. */
final class NumberConversions {

  /** More digits before or behind the point no type has; they would be expensive to look at. */
  private static final int MOST_DIGITS = 1_000;

  private NumberConversions() {}

  /** The number that a value is. */
  @FunctionalInterface
  private interface Reader {
    BigDecimal read(byte[] bytes, int offset, int length);
  }

  /** Null if values of the type are no numbers. */
  static Conversion between(ColumnType from, ColumnType to) {
    Reader reader = reader(from, to);
    if (reader == null) {
      return null;
    }
    return switch (to.base()) {
      case DECIMAL -> decimal(reader, to);
      case FLOAT -> from.base() == MysqlType.FLOAT ? checked(reader) : single(reader);
      case DOUBLE ->
          from.base() == MysqlType.FLOAT || from.base() == MysqlType.DOUBLE
              ? checked(reader)
              : twice(reader);
      default -> integer(reader, to);
    };
  }

  private static Reader reader(ColumnType from, ColumnType to) {
    return switch (from.base()) {
      case TINYINT, SMALLINT, MEDIUMINT, INT, BIGINT, YEAR, DECIMAL, DOUBLE, JSON ->
          NumberConversions::parse;
      // Read as a double, of which the shortest number that is this float is meant.
      case FLOAT ->
          to.base() == MysqlType.FLOAT || to.base() == MysqlType.DOUBLE
              ? NumberConversions::parse
              : (b, o, n) -> new BigDecimal(Float.toString(parse(b, o, n).floatValue()));
      case BIT -> (b, o, n) -> new BigDecimal(new BigInteger(1, b, o, n));
      case CHAR, VARCHAR, TINYTEXT, TEXT, MEDIUMTEXT, LONGTEXT, ENUM, SET ->
          to.isTruth() ? NumberConversions::parseBoolean : NumberConversions::parse;
      default -> null;
    };
  }

  private static BigDecimal parseBoolean(byte[] bytes, int offset, int length) {
    String text = new String(bytes, offset, length, UTF_8);
    return text.equalsIgnoreCase("true")
        ? BigDecimal.ONE
        : text.equalsIgnoreCase("false") ? BigDecimal.ZERO : parse(bytes, offset, length);
  }

  private static BigDecimal parse(byte[] bytes, int offset, int length) {
    BigDecimal number;
    try {
      number = WireNumbers.parseDecimal(bytes, offset, length);
    } catch (NumberFormatException e) {
      throw new UnfitValueException("is no number");
    }
    if (Math.abs((long) number.precision() - number.scale()) > MOST_DIGITS
        || Math.abs((long) number.scale()) > MOST_DIGITS) {
      throw new UnfitValueException("has more digits than any type");
    }
    return number;
  }

  private static Conversion checked(Reader reader) {
    return (bytes, offset, length) -> {
      reader.read(bytes, offset, length);
      return null;
    };
  }

  private static Conversion integer(Reader reader, ColumnType to) {
    IntegerRange range = IntegerRange.of(to);
    return (bytes, offset, length) -> {
      BigInteger integer;
      try {
        integer = reader.read(bytes, offset, length).toBigIntegerExact();
      } catch (ArithmeticException e) {
        throw new UnfitValueException("is no integer");
      }
      if (!range.contains(integer)) {
        throw new UnfitValueException("is not between " + range.least() + " and " + range.most());
      }
      return text(integer);
    };
  }

  private static Conversion decimal(Reader reader, ColumnType to) {
    long whole = to.length() - to.scale();
    return (bytes, offset, length) -> {
      BigDecimal number = reader.read(bytes, offset, length).stripTrailingZeros();
      if (number.scale() > to.scale() || (long) number.precision() - number.scale() > whole) {
        throw new UnfitValueException("has more digits than " + TypeNames.print(to));
      }
      return text(number.toPlainString());
    };
  }

  /** The double that is printed like the number: none of its digits is lost. */
  private static Conversion twice(Reader reader) {
    return (bytes, offset, length) -> {
      BigDecimal number = reader.read(bytes, offset, length);
      double nearest = number.doubleValue();
      if (Double.isInfinite(nearest)
          || new BigDecimal(Double.toString(nearest)).compareTo(number) != 0) {
        throw new UnfitValueException("has more digits than DOUBLE");
      }
      return text(nearest);
    };
  }

  /** The float that is printed like the number, as a float or as the double that it is. */
  private static Conversion single(Reader reader) {
    return (bytes, offset, length) -> {
      BigDecimal number = reader.read(bytes, offset, length);
      float nearest = number.floatValue();
      if (Float.isInfinite(nearest)
          || (new BigDecimal(Float.toString(nearest)).compareTo(number) != 0
              && new BigDecimal(Double.toString(nearest)).compareTo(number) != 0)) {
        throw new UnfitValueException("has more digits than FLOAT");
      }
      // A FLOAT travels as the double that it is.
      return text((double) nearest);
    };
  }

  private static byte[] text(Object number) {
    return number.toString().getBytes(UTF_8);
  }
}
