package io.vitessbeam.write.adapt;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vitessbeam.schema.ColumnType;
import io.vitessbeam.schema.MysqlType;
import io.vitessbeam.schema.WireTemporals;
import io.vitessbeam.write.load.UnfitValueException;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Dates, moments and times in each other. A date is its midnight; moments are in UTC, unless a text
 * says otherwise.
 */
final class TemporalConversions {

  private static final int DATE_LENGTH = 10;
  private static final int SECONDS_LENGTH = 19;
  private static final String MIDNIGHT = " 00:00:00";
  private static final Pattern ZONED = Pattern.compile(".{19}.*(?:[zZ]|[+-]\\d\\d(?::?\\d\\d)?)");
  private static final DateTimeFormatter MICROS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSS", Locale.ROOT);

  private TemporalConversions() {}

  /** Null if values of the type are not to be taken for dates or times. */
  static Conversion between(ColumnType from, ColumnType to) {
    return switch (from.base()) {
      case DATE, DATETIME, TIMESTAMP -> to.base() == MysqlType.TIME ? null : moment(from, to);
      case TIME -> to.base() == MysqlType.TIME ? time(to) : null;
      case CHAR, VARCHAR, TINYTEXT, TEXT, MEDIUMTEXT, LONGTEXT ->
          to.base() == MysqlType.TIME ? time(to) : text(from, to);
      default -> null;
    };
  }

  private static Conversion moment(ColumnType from, ColumnType to) {
    boolean dates = to.base() == MysqlType.DATE;
    return (bytes, offset, length) -> {
      if (!isInCalendar(bytes, offset, length)) {
        if (from.zeroAsNull()) {
          return Conversion.NULL;
        }
        throw new UnfitValueException(
            "is in no calendar; choose --zero-dates=null or --zero-dates=text");
      }
      if (dates) {
        requireZeros(bytes, offset + DATE_LENGTH, offset + length, "has a time of day");
        return length == DATE_LENGTH ? null : slice(bytes, offset, DATE_LENGTH);
      }
      if (length == DATE_LENGTH) {
        return (new String(bytes, offset, length, UTF_8) + MIDNIGHT).getBytes(UTF_8);
      }
      requireFraction(bytes, offset, length, SECONDS_LENGTH, to);
      return null;
    };
  }

  private static boolean isInCalendar(byte[] bytes, int offset, int length) {
    try {
      long parsed =
          length == DATE_LENGTH
              ? WireTemporals.parseEpochDay(bytes, offset, length)
              : WireTemporals.parseEpochMicros(bytes, offset, length);
      return parsed != WireTemporals.NOT_A_DATE;
    } catch (DateTimeException | ArrayIndexOutOfBoundsException e) {
      throw new UnfitValueException("is no date");
    }
  }

  private static Conversion text(ColumnType from, ColumnType to) {
    Conversion plain = moment(from, to);
    return (bytes, offset, length) -> {
      byte[] normal = normal(new String(bytes, offset, length, UTF_8).strip(), to);
      byte[] converted = plain.convert(normal, 0, normal.length);
      return converted == null ? normal : converted;
    };
  }

  /** {@code YYYY-MM-DD hh:mm:ss.ffffff} of what may have a T between the two, and a zone. */
  private static byte[] normal(String text, ColumnType to) {
    if (ZONED.matcher(text).matches()) {
      if (to.base() != MysqlType.TIMESTAMP) {
        throw new UnfitValueException("has a zone, which only a timestamp takes");
      }
      return zoned(text).getBytes(UTF_8);
    }
    if (text.length() > DATE_LENGTH && "Tt".indexOf(text.charAt(DATE_LENGTH)) >= 0) {
      return (text.substring(0, DATE_LENGTH) + " " + text.substring(DATE_LENGTH + 1))
          .getBytes(UTF_8);
    }
    return text.getBytes(UTF_8);
  }

  private static String zoned(String text) {
    String iso = text.substring(0, DATE_LENGTH) + "T" + text.substring(DATE_LENGTH + 1);
    iso = iso.replace(" ", "").replaceFirst("([+-]\\d\\d)$", "$1:00");
    iso = iso.replaceFirst("([+-]\\d\\d)(\\d\\d)$", "$1:$2");
    try {
      OffsetDateTime moment = OffsetDateTime.parse(iso).withOffsetSameInstant(ZoneOffset.UTC);
      if (moment.getNano() % 1000 != 0) {
        throw new UnfitValueException("has parts of a second below a microsecond");
      }
      if (moment.getYear() < 1 || moment.getYear() > 9999) {
        throw new UnfitValueException("is not of the years 1 to 9999");
      }
      return MICROS.format(moment);
    } catch (DateTimeException e) {
      throw new UnfitValueException("is no date");
    }
  }

  private static Conversion time(ColumnType to) {
    return (bytes, offset, length) -> {
      try {
        WireTemporals.parseTimeMicros(bytes, offset, length);
      } catch (DateTimeException | ArrayIndexOutOfBoundsException e) {
        throw new UnfitValueException("is no time");
      }
      int point = length;
      for (int i = 0; i < length; i++) {
        if (bytes[offset + i] == '.') {
          point = i;
        }
      }
      requireFraction(bytes, offset, length, point, to);
      return null;
    };
  }

  /**
   * @param point index of the point behind the seconds, from the value's begin
   */
  private static void requireFraction(
      byte[] bytes, int offset, int length, int point, ColumnType to) {
    int kept = to.scale() == 0 ? 0 : 1 + to.scale();
    requireZeros(
        bytes,
        offset + Math.min(length, point + kept),
        offset + length,
        "has more than " + to.scale() + " digits of a second");
  }

  /** Nothing that counts between two indices: zeros, and what stands between them. */
  private static void requireZeros(byte[] bytes, int from, int to, String otherwise) {
    for (int i = from; i < to; i++) {
      if (bytes[i] >= '1' && bytes[i] <= '9') {
        throw new UnfitValueException(otherwise);
      }
    }
  }

  private static byte[] slice(byte[] bytes, int offset, int length) {
    byte[] slice = new byte[length];
    System.arraycopy(bytes, offset, slice, 0, length);
    return slice;
  }
}
