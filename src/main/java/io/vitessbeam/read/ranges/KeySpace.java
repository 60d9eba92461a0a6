package io.vitessbeam.read.ranges;

import io.vitessbeam.schema.MysqlType;
import io.vitessbeam.schema.WireTemporals;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Locale;

/**
 * Maps the values of a key column between two given ones to numbers and back, so that one can aim
 * at a value between them. Only the balance of ranges hangs on it, not their correctness: a point
 * that comes out is a place to look for a key, not a bound itself.
 */
interface KeySpace {

  BigInteger number(byte[] value);

  /** The bytes of a value at (about) this number. */
  byte[] value(BigInteger number);

  /**
   * The mapping for the values of a column.
   *
   * @param collation of a text column; empty for others
   */
  static KeySpace between(MysqlType type, byte[] first, byte[] last, String collation) {
    return switch (type.keyOrder()) {
      case NUMBER -> new Numbers(scaleOf(first));
      case QUOTED -> type == MysqlType.DATE ? new Days() : new Micros();
      case BYTES -> new Digits(commonPrefix(first, last));
      case TEXT -> Text.between(first, last, collation);
      case NONE -> throw new IllegalArgumentException(type + " doesn't order a key");
    };
  }

  private static int scaleOf(byte[] number) {
    return Math.max(0, new BigDecimal(ascii(number)).scale());
  }

  private static String text(byte[] value, boolean ignoreCase) {
    String text = new String(value, StandardCharsets.UTF_8);
    return ignoreCase ? text.toLowerCase(Locale.ROOT) : text;
  }

  private static byte[] commonPrefix(byte[] first, byte[] last) {
    int mismatch = Arrays.mismatch(first, last);
    return Arrays.copyOf(first, mismatch < 0 ? first.length : Math.min(mismatch, first.length));
  }

  private static String ascii(byte[] value) {
    return new String(value, StandardCharsets.ISO_8859_1);
  }

  /** Integers, and decimals of a given scale. */
  record Numbers(int scale) implements KeySpace {

    @Override
    public BigInteger number(byte[] value) {
      return new BigDecimal(ascii(value)).movePointRight(scale).toBigInteger();
    }

    @Override
    public byte[] value(BigInteger number) {
      return new BigDecimal(number, scale).toPlainString().getBytes(StandardCharsets.ISO_8859_1);
    }
  }

  /** Dates, by day. Days that no calendar has are as good as the first that it has. */
  record Days() implements KeySpace {

    @Override
    public BigInteger number(byte[] value) {
      long day = WireTemporals.parseEpochDay(value, 0, value.length);
      return BigInteger.valueOf(
          day == WireTemporals.NOT_A_DATE ? LocalDate.of(1, 1, 1).toEpochDay() : day);
    }

    @Override
    public byte[] value(BigInteger number) {
      return LocalDate.ofEpochDay(number.longValue())
          .toString()
          .getBytes(StandardCharsets.ISO_8859_1);
    }
  }

  /** Dates with times, by microsecond. */
  record Micros() implements KeySpace {

    private static final DateTimeFormatter FORMAT =
        DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSS", Locale.ROOT);
    private static final long MILLION = 1_000_000;

    @Override
    public BigInteger number(byte[] value) {
      long micros = WireTemporals.parseEpochMicros(value, 0, value.length);
      return BigInteger.valueOf(
          micros == WireTemporals.NOT_A_DATE
              ? LocalDate.of(1, 1, 1).toEpochDay() * 86_400 * MILLION
              : micros);
    }

    @Override
    public byte[] value(BigInteger number) {
      long micros = number.longValue();
      int nanos = (int) Math.floorMod(micros, MILLION) * 1000;
      return LocalDateTime.ofEpochSecond(Math.floorDiv(micros, MILLION), nanos, ZoneOffset.UTC)
          .format(FORMAT)
          .getBytes(StandardCharsets.ISO_8859_1);
    }
  }

  /** Byte strings, as fractions in base 256 behind what all of them begin with. */
  final class Digits implements KeySpace {

    private static final int COUNT = 12;

    private final byte[] prefix;

    Digits(byte[] prefix) {
      this.prefix = prefix;
    }

    @Override
    public BigInteger number(byte[] value) {
      byte[] digits = new byte[COUNT];
      int from = Math.min(prefix.length, value.length);
      System.arraycopy(value, from, digits, 0, Math.min(COUNT, value.length - from));
      return new BigInteger(1, digits);
    }

    @Override
    public byte[] value(BigInteger number) {
      byte[] result = Arrays.copyOf(prefix, prefix.length + COUNT);
      byte[] digits = number.toByteArray();
      int significant = Math.min(digits.length, COUNT);
      System.arraycopy(
          digits, digits.length - significant, result, result.length - significant, significant);
      return result;
    }
  }

  /** Texts, as fractions in the base of their characters. */
  final class Text implements KeySpace {

    private static final int COUNT = 8;
    private static final int ASCII = 128;
    private static final int UNICODE = Character.MIN_SURROGATE;

    private final String prefix;
    private final BigInteger base;
    private final boolean ignoreCase;

    static Text between(byte[] first, byte[] last, String collation) {
      boolean ignoreCase = collation.contains("_ci");
      boolean unicode = collation.startsWith("utf") || collation.startsWith("ucs");
      return new Text(
          text(first, ignoreCase), text(last, ignoreCase), ignoreCase, unicode ? UNICODE : ASCII);
    }

    private Text(String first, String last, boolean ignoreCase, int most) {
      int common = 0;
      while (common < first.length()
          && common < last.length()
          && first.charAt(common) == last.charAt(common)) {
        common++;
      }
      this.prefix = first.substring(0, common);
      // What only Unicode has can't be compared with a column of another character set.
      boolean ascii = (first + last).chars().allMatch(c -> c < ASCII);
      this.base = BigInteger.valueOf(ascii ? ASCII : most);
      this.ignoreCase = ignoreCase;
    }

    @Override
    public BigInteger number(byte[] value) {
      String text = KeySpace.text(value, ignoreCase);
      BigInteger number = BigInteger.ZERO;
      for (int i = prefix.length(); i < prefix.length() + COUNT; i++) {
        int digit = i < text.length() ? text.charAt(i) : 0;
        number =
            number.multiply(base).add(BigInteger.valueOf(Math.min(digit, base.intValue() - 1)));
      }
      return number;
    }

    @Override
    public byte[] value(BigInteger number) {
      char[] characters = new char[COUNT];
      BigInteger rest = number;
      for (int i = COUNT - 1; i >= 0; i--) {
        BigInteger[] parts = rest.divideAndRemainder(base);
        // Control characters would be ignored by some collations.
        characters[i] = (char) Math.max(' ', parts[1].intValue());
        rest = parts[0];
      }
      return (prefix + new String(characters)).getBytes(StandardCharsets.UTF_8);
    }
  }
}
