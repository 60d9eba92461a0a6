package io.vitessbeam.pipelines;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.Optional;

/**
 * The part of a table that is read, both ends inclusive and each optional, as text that compares
 * with a date column in a session whose zone is UTC.
 */
record Interval(Optional<String> start, Optional<String> end) {

  private static final DateTimeFormatter TIME_OF_DAY =
      new DateTimeFormatterBuilder()
          .appendPattern("HH:mm:ss")
          .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
          .toFormatter();
  private static final DateTimeFormatter LOCAL =
      new DateTimeFormatterBuilder()
          .append(DateTimeFormatter.ISO_LOCAL_DATE)
          .append(TIME_OF_DAY)
          .toFormatter();
  private static final DateTimeFormatter WITH_OFFSET =
      new DateTimeFormatterBuilder()
          .append(LOCAL)
          .optionalStart()
          .appendOffset("+HH:MM", "Z")
          .optionalEnd()
          .optionalStart()
          .appendOffset("+HHMM", "Z")
          .optionalEnd()
          .toFormatter();
  private static final DateTimeFormatter SQL =
      new DateTimeFormatterBuilder()
          .appendPattern("yyyy-MM-dd HH:mm:ss")
          .appendFraction(ChronoField.NANO_OF_SECOND, 0, 6, true)
          .toFormatter();

  /**
   * @throws UsageException for a bound that is no date, or a start that is not before the end
   */
  static Interval of(String start, String end) {
    if (start != null
        && end != null
        && !time("--interval-start", start).isBefore(time("--interval-end", end))) {
      throw new UsageException(
          "interval-start must be earlier than interval-end (got start="
              + start
              + ", end="
              + end
              + ")");
    }
    return new Interval(bound("--interval-start", start), bound("--interval-end", end));
  }

  boolean isEverything() {
    return start.isEmpty() && end.isEmpty();
  }

  private static Optional<String> bound(String flag, String text) {
    if (text == null) {
      return Optional.empty();
    }
    LocalDateTime time = time(flag, text);
    return Optional.of(isDate(text) ? time.toLocalDate().toString() : SQL.format(time));
  }

  private static boolean isDate(String text) {
    return text.strip().length() == 10;
  }

  private static LocalDateTime time(String flag, String text) {
    String value = text.strip();
    try {
      if (isDate(text)) {
        return LocalDate.parse(value).atStartOfDay();
      }
      // Between date and time stands a T or a space; without either they fit the pattern.
      String joined =
          value.length() > 10 && "Tt ".indexOf(value.charAt(10)) >= 0
              ? value.substring(0, 10) + value.substring(11)
              : value + "?";
      String compact = joined.replace(" ", "");
      return compact.matches(".*(Z|[+-]\\d\\d:?\\d\\d)")
          ? OffsetDateTime.parse(compact, WITH_OFFSET)
              .withOffsetSameInstant(ZoneOffset.UTC)
              .toLocalDateTime()
          : LocalDateTime.parse(compact, LOCAL);
    } catch (DateTimeException e) {
      throw new UsageException(
          flag
              + " '"
              + text
              + "' is not a date: write 2024-01-31, 2024-01-31T10:00:00, or with a zone 2024-01-31T10:00:00+02:00");
    }
  }
}
