package io.vitessbeam.schema;

import ch.randelshofer.fastdoubleparser.JavaDoubleParser;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.nio.charset.StandardCharsets;

/**
 * Numbers as MySQL and Vitess print them, parsed from their bytes without making a String. These
 * methods run once per value of a table, so they allocate nothing unless they say so.
 */
public final class WireNumbers {

  /** Digits that tell all floats apart. */
  private static final int MOST_FLOAT_DIGITS = 9;

  private WireNumbers() {}

  /** A signed integer, leading zeros (ZEROFILL) allowed. Fails on anything a long can't hold. */
  public static long parseLong(byte[] bytes, int offset, int length) {
    int i = offset;
    int end = offset + length;
    boolean negative = length > 0 && bytes[i] == '-';
    if (negative) {
      i++;
    }
    if (i == end || end - i > 40) {
      throw notA("an integer", bytes, offset, length);
    }
    // Summed up as a negative number, since -2^63 has no positive counterpart.
    long value = 0;
    for (; i < end; i++) {
      int digit = bytes[i] - '0';
      if (digit < 0 || digit > 9 || value < -922_337_203_685_477_580L) {
        throw notA("an integer", bytes, offset, length);
      }
      value = value * 10 - digit;
      if (value > 0) {
        throw notA("a 64-bit integer", bytes, offset, length);
      }
    }
    if (!negative && value == Long.MIN_VALUE) {
      throw notA("a 64-bit integer", bytes, offset, length);
    }
    return negative ? value : -value;
  }

  /** An integer within bounds. */
  public static long parseBetween(long least, long most, byte[] bytes, int offset, int length) {
    long value = parseLong(bytes, offset, length);
    if (value < least || value > most) {
      throw notA("between " + least + " and " + most, bytes, offset, length);
    }
    return value;
  }

  /** An unsigned 64-bit integer, returned in the bits of a long. */
  public static long parseUnsignedLong(byte[] bytes, int offset, int length) {
    if (length <= 18 || bytes[offset] < '0') {
      long value = parseLong(bytes, offset, length);
      if (value < 0) {
        throw notA("an unsigned integer", bytes, offset, length);
      }
      return value;
    }
    try {
      return Long.parseUnsignedLong(text(bytes, offset, length));
    } catch (NumberFormatException e) {
      throw notA("an unsigned 64-bit integer", bytes, offset, length);
    }
  }

  public static double parseDouble(byte[] bytes, int offset, int length) {
    return JavaDoubleParser.parseDouble(bytes, offset, length);
  }

  /**
   * A FLOAT, printed as the double that it is or with the fewest digits that tell it apart. Fails
   * on any other number, which would have to be rounded.
   */
  public static float parseFloat(byte[] bytes, int offset, int length) {
    double value = parseDouble(bytes, offset, length);
    float single = (float) value;
    if (single != value && !Double.isNaN(value) && !isPrinted(single, bytes, offset, length)) {
      throw notA("a number that a FLOAT holds", bytes, offset, length);
    }
    return single;
  }

  private static boolean isPrinted(float value, byte[] bytes, int offset, int length) {
    BigDecimal printed = parseDecimal(bytes, offset, length).stripTrailingZeros();
    return printed.precision() <= MOST_FLOAT_DIGITS
        && Float.isFinite(value)
        && new BigDecimal(value).round(new MathContext(printed.precision())).compareTo(printed)
            == 0;
  }

  /** A DECIMAL; allocates. Accepts the stream's {@code -.5} as well as {@code -0.5}. */
  public static BigDecimal parseDecimal(byte[] bytes, int offset, int length) {
    return new BigDecimal(text(bytes, offset, length));
  }

  /**
   * A DECIMAL as its unscaled value in a long.
   *
   * @param scale the fractional digits of the column; missing ones are zeros, more than that many
   *     are an error
   * @throws NumberFormatException if the value isn't a decimal of at most 18 digits at this scale
   */
  public static long parseUnscaledLong(byte[] bytes, int offset, int length, int scale) {
    int i = offset;
    int end = offset + length;
    boolean negative = length > 0 && bytes[i] == '-';
    if (negative) {
      i++;
    }
    if (i == end || (end - i == 1 && bytes[i] == '.')) {
      throw notA("a decimal", bytes, offset, length);
    }
    long value = 0;
    int digits = 0;
    int fraction = -1;
    for (; i < end; i++) {
      int digit = bytes[i] - '0';
      if (digit >= 0 && digit <= 9) {
        value = value * 10 + digit;
        if (value != 0) {
          digits++;
        }
        if (fraction >= 0) {
          fraction++;
        }
      } else if (bytes[i] == '.' && fraction < 0) {
        fraction = 0;
      } else {
        throw notA("a decimal", bytes, offset, length);
      }
      if (digits > 18) {
        throw notA("a decimal of 18 digits", bytes, offset, length);
      }
    }
    for (int missing = scale - Math.max(fraction, 0); missing != 0; missing--) {
      if (missing < 0 || (value != 0 && ++digits > 18)) {
        throw notA("a decimal of 18 digits, " + scale + " fractional", bytes, offset, length);
      }
      value *= 10;
    }
    return negative ? -value : value;
  }

  /** A DECIMAL of any size as its unscaled value; allocates. */
  public static BigInteger parseUnscaled(byte[] bytes, int offset, int length, int scale) {
    try {
      return parseDecimal(bytes, offset, length).setScale(scale).unscaledValue();
    } catch (ArithmeticException e) {
      throw notA("a decimal with " + scale + " fractional digits", bytes, offset, length);
    }
  }

  /**
   * A DECIMAL as a query prints it, in an array of its own: {@code -0.5} of the stream's {@code
   * -.5}, {@code -1} of {@code -0001}, {@code 0.0} of {@code .0}.
   *
   * @param to the index behind it
   */
  public static byte[] canonicalDecimal(byte[] bytes, int from, int to) {
    boolean negative = from < to && bytes[from] == '-';
    int digits = negative ? from + 1 : from;
    while (digits < to && bytes[digits] == '0') {
      digits++;
    }
    boolean zeroBefore = digits == to || bytes[digits] == '.';
    int length = (negative ? 1 : 0) + (zeroBefore ? 1 : 0) + to - digits;
    byte[] canonical = new byte[length];
    int at = 0;
    if (negative) {
      canonical[at++] = '-';
    }
    if (zeroBefore) {
      canonical[at++] = '0';
    }
    System.arraycopy(bytes, digits, canonical, at, to - digits);
    return canonical;
  }

  /** The big-endian bytes of a BIT value as a number. */
  public static long parseBits(byte[] bytes, int offset, int length) {
    if (length > 8) {
      throw new NumberFormatException("a BIT value has " + length + " bytes");
    }
    long value = 0;
    for (int i = offset; i < offset + length; i++) {
      value = value << 8 | (bytes[i] & 0xff);
    }
    return value;
  }

  private static NumberFormatException notA(String what, byte[] bytes, int offset, int length) {
    return new NumberFormatException(
        "'" + text(bytes, offset, Math.min(length, 80)) + "' is not " + what);
  }

  private static String text(byte[] bytes, int offset, int length) {
    return new String(bytes, offset, length, StandardCharsets.ISO_8859_1);
  }
}
