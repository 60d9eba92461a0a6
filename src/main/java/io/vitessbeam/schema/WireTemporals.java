package io.vitessbeam.schema;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;

/**
 * Dates and times as MySQL prints them, parsed from their bytes without allocation.
 *
 * <p>MySQL stores dates that no calendar has. Those give {@link #NOT_A_DATE}, never a shifted date.
 */
public final class WireTemporals {

  /** What the parsers return for {@code 0000-00-00}, {@code 2024-02-00} or {@code 2024-02-31}. */
  public static final long NOT_A_DATE = Long.MIN_VALUE;

  private static final long MICROS_PER_SECOND = 1_000_000L;
  private static final long MICROS_PER_DAY = 86_400L * MICROS_PER_SECOND;
  private static final byte[] DAYS_OF_MONTH = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

  /** Days from 0000-03-01 to 1970-01-01 in the proleptic Gregorian calendar. */
  private static final long DAYS_TO_EPOCH = 719_468;

  private WireTemporals() {}

  /** {@code YYYY-MM-DD} as days since 1970-01-01. */
  public static long parseEpochDay(byte[] bytes, int offset, int length) {
    if (length != 10 || bytes[offset + 4] != '-' || bytes[offset + 7] != '-') {
      throw notA("a date", bytes, offset, length);
    }
    int year = digits(bytes, offset, 4);
    int month = digits(bytes, offset + 5, 2);
    int day = digits(bytes, offset + 8, 2);
    if (year == 0 || month < 1 || month > 12 || day < 1 || day > daysOf(year, month)) {
      return NOT_A_DATE;
    }
    // Counted in years that start on March 1st: the leap day is then the last day of a year, and
    // (153 m + 2) / 5 is the number of days before the m-th month from March.
    int marchYear = month > 2 ? year : year - 1;
    int marchMonth = month > 2 ? month - 3 : month + 9;
    long dayOfYear = (153L * marchMonth + 2) / 5 + day - 1;
    int leapDays = marchYear / 4 - marchYear / 100 + marchYear / 400;
    return 365L * marchYear + leapDays + dayOfYear - DAYS_TO_EPOCH;
  }

  /** {@code YYYY-MM-DD hh:mm:ss[.ffffff]} as microseconds since 1970-01-01 00:00:00. */
  public static long parseEpochMicros(byte[] bytes, int offset, int length) {
    if (length < 19 || bytes[offset + 10] != ' ') {
      throw notA("a date and time", bytes, offset, length);
    }
    long day = parseEpochDay(bytes, offset, 10);
    if (day == NOT_A_DATE) {
      return NOT_A_DATE;
    }
    if (bytes[offset + 13] != ':' || bytes[offset + 16] != ':') {
      throw notA("a date and time", bytes, offset, length);
    }
    int hour = digits(bytes, offset + 11, 2);
    if (hour > 23) {
      throw notA("a date and time", bytes, offset, length);
    }
    long seconds = hour * 3600L + minutesAndSeconds(bytes, offset + 14);
    long micros = fraction(bytes, offset + 19, length - 19);
    return day * MICROS_PER_DAY + seconds * MICROS_PER_SECOND + micros;
  }

  /** A TIME, {@code [-]hhh:mm:ss[.ffffff]}, as microseconds; up to 838 hours either way. */
  public static long parseTimeMicros(byte[] bytes, int offset, int length) {
    boolean negative = length > 0 && bytes[offset] == '-';
    int i = negative ? offset + 1 : offset;
    int end = offset + length;
    int hoursAt = i;
    while (i < end && bytes[i] != ':') {
      i++;
    }
    if (i == hoursAt || i - hoursAt > 3 || end - i < 6 || bytes[i + 3] != ':') {
      throw notA("a time", bytes, offset, length);
    }
    long seconds = digits(bytes, hoursAt, i - hoursAt) * 3600L + minutesAndSeconds(bytes, i + 1);
    long micros = seconds * MICROS_PER_SECOND + fraction(bytes, i + 6, end - i - 6);
    return negative ? -micros : micros;
  }

  private static int minutesAndSeconds(byte[] bytes, int offset) {
    int minutes = digits(bytes, offset, 2);
    int seconds = digits(bytes, offset + 3, 2);
    if (minutes > 59 || seconds > 59) {
      throw notA("minutes and seconds", bytes, offset, 5);
    }
    return minutes * 60 + seconds;
  }

  private static long fraction(byte[] bytes, int offset, int length) {
    if (length == 0) {
      return 0;
    }
    if (bytes[offset] != '.' || length == 1 || length > 7) {
      throw notA("a fraction of a second", bytes, offset, length);
    }
    long value = digits(bytes, offset + 1, length - 1);
    for (int i = length; i < 7; i++) {
      value *= 10;
    }
    return value;
  }

  private static int daysOf(int year, int month) {
    boolean leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return month == 2 && leap ? 29 : DAYS_OF_MONTH[month - 1];
  }

  private static int digits(byte[] bytes, int offset, int count) {
    int value = 0;
    for (int i = offset; i < offset + count; i++) {
      int digit = bytes[i] - '0';
      if (digit < 0 || digit > 9) {
        throw notA("a number", bytes, offset, count);
      }
      value = value * 10 + digit;
    }
    return value;
  }

  private static DateTimeException notA(String what, byte[] bytes, int offset, int length) {
    String text = new String(bytes, offset, Math.min(length, 80), StandardCharsets.ISO_8859_1);
    return new DateTimeException("'" + text + "' is not " + what);
  }
}
