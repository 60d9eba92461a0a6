package io.vitessbeam.pipelines.report;

import java.time.Duration;
import java.util.Locale;

/** Counts, rates and times as people read them. */
public final class Rates {

  private Rates() {}

  /** {@code 1,234,567}. */
  public static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  /** {@code 8.1 s}, {@code 2 min 05 s}, {@code 1 h 02 min}. */
  public static String time(Duration elapsed) {
    long seconds = elapsed.toSeconds();
    if (seconds < 60) {
      return String.format(Locale.ROOT, "%.1f s", elapsed.toMillis() / 1000.0);
    }
    return seconds < 3600
        ? String.format(Locale.ROOT, "%d min %02d s", seconds / 60, seconds % 60)
        : String.format(Locale.ROOT, "%d h %02d min", seconds / 3600, seconds / 60 % 60);
  }

  /** {@code 246,900 rows/s}, to the fourth digit, as more would pretend a precision. */
  static String rows(long rows, Duration elapsed) {
    return count(perSecond(rows, elapsed)) + " rows/s";
  }

  static long perSecond(long number, Duration elapsed) {
    double rate = number * 1e9 / Math.max(1, elapsed.toNanos());
    long unit = 1;
    while (rate / unit >= 10_000) {
      unit *= 10;
    }
    return Math.round(rate / unit) * unit;
  }

  /** {@code 57.3 MB/s}. */
  static String bytes(long bytes, Duration elapsed) {
    double rate = bytes / 1e6 / Math.max(1e-9, elapsed.toNanos() / 1e9);
    return String.format(Locale.ROOT, "%.1f MB/s", rate);
  }
}
