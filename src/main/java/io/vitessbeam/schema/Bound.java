package io.vitessbeam.schema;

import io.vitessbeam.ConfigurationException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * An end of an interval of a column's values, which belongs to it. Read once, in the sense of the
 * source's column and never rounded to its type; a database only writes it down.
 *
 * @param low whether it is the least value, not the greatest
 * @param text the value in the one form that all databases read: a number without exponent, a
 *     moment or time to the microsecond; text and bytes as they were given
 */
public record Bound(ValueOrder order, boolean low, String text) {

  private static final DateTimeFormatter MICROS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSS", Locale.ROOT);
  private static final Pattern PARTS = Pattern.compile(":");
  private static final int MOST_EXPONENT = 400;

  /**
   * Reads an end.
   *
   * @param column for the message
   * @throws ConfigurationException if no value of the column's kind is written like that
   */
  public static Bound of(String column, ValueOrder order, boolean low, String given) {
    try {
      String text =
          switch (order) {
            case NUMBER, FLOATING -> number(given);
            case MOMENT -> moment(matching(order, given), low);
            case TIME -> time(matching(order, given), low);
            case TEXT, BYTES -> given;
            case NONE -> throw new IllegalArgumentException("no order");
          };
      return new Bound(order, low, text);
    } catch (IllegalArgumentException | DateTimeException e) {
      throw new ConfigurationException(
          "The interval's end '%s' is no value of the incremental key %s, which is %s"
              .formatted(given, column, order.noun()),
          e);
    }
  }

  private static String matching(ValueOrder order, String given) {
    if (!given.matches(order.pattern())) {
      throw new IllegalArgumentException(given);
    }
    return given;
  }

  private static String number(String given) {
    BigDecimal number = new BigDecimal(matching(ValueOrder.FLOATING, given));
    if (Math.abs((long) number.scale()) > MOST_EXPONENT) {
      throw new IllegalArgumentException(given);
    }
    return number.toPlainString();
  }

  /** No column has more digits than microseconds, so the next one inside is as good. */
  private static String moment(String given, boolean low) {
    String local = given.replaceFirst("[+].*", "").replace(' ', 'T');
    LocalDateTime moment =
        LocalDateTime.parse(local.length() == "2024-01-01".length() ? local + "T00:00:00" : local);
    LocalDateTime micros = moment.truncatedTo(ChronoUnit.MICROS);
    boolean inside = !low || micros.equals(moment);
    return MICROS.format(inside ? micros : micros.plus(1, ChronoUnit.MICROS));
  }

  private static String time(String given, boolean low) {
    String[] parts = PARTS.split(given.replace("-", ""), -1);
    BigDecimal seconds =
        new BigDecimal(parts[2])
            .add(
                BigDecimal.valueOf(
                    60 * Long.parseLong(parts[1]) + 3600 * Long.parseLong(parts[0])));
    BigDecimal micros =
        (given.startsWith("-") ? seconds.negate() : seconds)
            .setScale(6, low ? RoundingMode.CEILING : RoundingMode.FLOOR);
    BigDecimal[] parted = micros.abs().divideAndRemainder(BigDecimal.valueOf(60));
    long minutes = parted[0].longValue();
    return "%s%02d:%02d:%s%s"
        .formatted(
            micros.signum() < 0 ? "-" : "",
            minutes / 60,
            minutes % 60,
            parted[1].compareTo(BigDecimal.TEN) < 0 ? "0" : "",
            parted[1].setScale(6).toPlainString());
  }

  /** How a value that is inside compares with it. */
  public String operator() {
    return low ? ">=" : "<=";
  }

  /** A number with so many digits after its point: the next one inside. */
  public BigDecimal number(int scale) {
    return new BigDecimal(text).setScale(scale, low ? RoundingMode.CEILING : RoundingMode.FLOOR);
  }

  /** The bytes of a text, in hexadecimal. */
  public String hex() {
    return HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
  }
}
