package io.vitessbeam.write.postgresql.copy;

import io.vitessbeam.schema.WireNumbers;
import io.vitessbeam.write.load.UnfitValueException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;

/**
 * A decimal as {@code numeric}: the number of its digits to the base of 10,000, the power of that
 * base that the first one stands for, the sign, the number of decimal places, and the digits, all
 * of them in 16 bits.
 */
final class NumericWriter implements ValueWriter {

  private static final int DIGITS = 4;
  private static final int HEADER_BYTES = 8;
  private static final int NEGATIVE = 0x4000;

  private final int scale;

  NumericWriter(int scale) {
    this.scale = scale;
  }

  @Override
  public void write(CopyStream out, byte[] bytes, int offset, int length) throws SQLException {
    int end = offset + length;
    boolean negative = length > 0 && bytes[offset] == '-';
    int whole = negative ? offset + 1 : offset;
    int point = whole;
    while (point < end && isDigit(bytes[point])) {
      point++;
    }
    int fraction = point < end && bytes[point] == '.' ? point + 1 : point;
    int at = fraction;
    while (at < end && isDigit(bytes[at])) {
      at++;
    }
    if (at < end || point - whole + at - fraction == 0) {
      writeOther(out, bytes, offset, length);
      return;
    }
    while (whole < point && bytes[whole] == '0') {
      whole++;
    }
    while (at > fraction + scale && bytes[at - 1] == '0') {
      at--;
    }
    if (at - fraction > scale) {
      throw new UnfitValueException("has more than " + scale + " decimal places");
    }
    write(out, bytes, negative, whole, point, fraction, at);
  }

  /** Writes the digits from {@code whole} to {@code point} and from {@code fraction} to an end. */
  private void write(
      CopyStream out, byte[] bytes, boolean negative, int whole, int point, int fraction, int end)
      throws SQLException {
    int wholeGroups = (point - whole + DIGITS - 1) / DIGITS;
    int fractionGroups = (end - fraction + DIGITS - 1) / DIGITS;
    int groups = wholeGroups + fractionGroups;
    out.putInt(HEADER_BYTES + 2 * groups);
    out.putShort(groups);
    out.putShort(wholeGroups - 1);
    out.putShort(negative ? NEGATIVE : 0);
    out.putShort(scale);
    for (int from = point - wholeGroups * DIGITS; from < point; from += DIGITS) {
      out.putShort(group(bytes, Math.max(from, whole), from + DIGITS));
    }
    for (int from = fraction; from < end; from += DIGITS) {
      int to = Math.min(from + DIGITS, end);
      int value = group(bytes, from, to);
      for (int missing = from + DIGITS - to; missing > 0; missing--) {
        value *= 10;
      }
      out.putShort(value);
    }
  }

  private static int group(byte[] bytes, int from, int to) {
    int value = 0;
    for (int i = from; i < to; i++) {
      value = value * 10 + bytes[i] - '0';
    }
    return value;
  }

  private static boolean isDigit(byte c) {
    return c >= '0' && c <= '9';
  }

  /** With an exponent, as a stream may print it, or no number at all; allocates. */
  private void writeOther(CopyStream out, byte[] bytes, int offset, int length)
      throws SQLException {
    byte[] plain =
        WireNumbers.parseDecimal(bytes, offset, length)
            .toPlainString()
            .getBytes(StandardCharsets.ISO_8859_1);
    write(out, plain, 0, plain.length);
  }
}
