package io.vitessbeam.schema;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WireTemporalsTest {

  private static final long FIRST_DAY = LocalDate.of(1, 1, 1).toEpochDay();
  private static final long LAST_DAY = LocalDate.of(9999, 12, 31).toEpochDay();
  private static final long DAY_MICROS = 86_400_000_000L;
  private static final long MOST_TIME = (838 * 3600L + 59 * 60 + 59) * 1_000_000;
  private static final DateTimeFormatter SECONDS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT);

  /** A parser under test. */
  private interface Parser {
    long parse(byte[] bytes, int offset, int length);
  }

  /** Parses a text that other bytes surround. */
  private static long parse(Parser parser, String text) {
    byte[] bytes = ("12" + text + "34").getBytes(ISO_8859_1);
    return parser.parse(bytes, 2, bytes.length - 4);
  }

  /** All of them: three and a half million. */
  @Property(tries = 1)
  void everyDay() {
    for (long day = FIRST_DAY; day <= LAST_DAY; day++) {
      if (parse(WireTemporals::parseEpochDay, LocalDate.ofEpochDay(day).toString()) != day) {
        throw new AssertionError(LocalDate.ofEpochDay(day));
      }
    }
  }

  @Property
  void datesThatNoCalendarHas(
      @ForAll @IntRange(max = 9999) int year,
      @ForAll @IntRange(max = 19) int month,
      @ForAll @IntRange(max = 39) int day) {
    long expected;
    try {
      expected = LocalDate.of(year, month, day).toEpochDay();
    } catch (DateTimeException e) {
      expected = WireTemporals.NOT_A_DATE;
    }
    String text = String.format(Locale.ROOT, "%04d-%02d-%02d", year, month, day);
    boolean zero = year == 0;

    assertThat(parse(WireTemporals::parseEpochDay, text))
        .isEqualTo(zero ? WireTemporals.NOT_A_DATE : expected);
    assertThat(parse(WireTemporals::parseEpochMicros, text + " 00:00:00") == Long.MIN_VALUE)
        .isEqualTo(zero || expected == WireTemporals.NOT_A_DATE);
  }

  @Property
  void datesWithTimes(
      @ForAll @LongRange(min = -62_135_596_800L, max = 253_402_300_799L) long second,
      @ForAll @IntRange(max = 999_999) int micro,
      @ForAll @IntRange(max = 6) int digits) {
    LocalDateTime time = LocalDateTime.ofEpochSecond(second, 0, ZoneOffset.UTC);
    String fraction = String.format(Locale.ROOT, "%06d", micro).substring(0, digits);
    String text = time.format(SECONDS) + (digits == 0 ? "" : "." + fraction);
    long kept = digits == 0 ? 0 : Long.parseLong((fraction + "000000").substring(0, 6));

    assertThat(parse(WireTemporals::parseEpochMicros, text)).isEqualTo(second * 1_000_000 + kept);
  }

  @Property
  void times(@ForAll @LongRange(min = -MOST_TIME, max = MOST_TIME) long micros) {
    Duration time = Duration.ofNanos(Math.abs(micros) * 1000);
    String text =
        String.format(
            Locale.ROOT,
            "%s%02d:%02d:%02d.%06d",
            micros < 0 ? "-" : "",
            time.toHours(),
            time.toMinutesPart(),
            time.toSecondsPart(),
            time.toNanosPart() / 1000);

    assertThat(parse(WireTemporals::parseTimeMicros, text)).isEqualTo(micros);
    assertThat(parse(WireTemporals::parseTimeMicros, text.substring(0, text.length() - 7)))
        .isEqualTo(micros - micros % 1_000_000);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "2024",
        "2024-1-1",
        "2024/01/01",
        "20240101xx",
        "2024-01-011",
        "-024-01-01",
        "2024-0a-01"
      })
  void noDates(String text) {
    assertThatThrownBy(() -> parse(WireTemporals::parseEpochDay, text))
        .isInstanceOf(DateTimeException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "2024-01-01",
        "2024-01-01 00:00",
        "2024-01-01T00:00:00",
        "2024-01-01 00-00-00",
        "2024-01-01 24:00:00",
        "2024-01-01 00:60:00",
        "2024-01-01 00:00:60",
        "2024-01-01 00:00:00.",
        "2024-01-01 00:00:00.1234567",
        "2024-01-01 00:00:00,5",
        "2024-01-01 00:00:00Z"
      })
  void noDatesWithTimes(String text) {
    assertThatThrownBy(() -> parse(WireTemporals::parseEpochMicros, text))
        .isInstanceOf(DateTimeException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-",
        "00",
        ":00:00",
        "00:00",
        "0000:00:00",
        "00:60:00",
        "00:00:60",
        "00:00:00.",
        "--00:00:00",
        "00-00-00",
        "1:2:3",
        "00:00:00.1234567"
      })
  void noTimes(String text) {
    assertThatThrownBy(() -> parse(WireTemporals::parseTimeMicros, text))
        .isInstanceOf(DateTimeException.class);
  }

  @Property
  void theEpochIsZero(@ForAll @IntRange(min = -700_000, max = 2_900_000) int day) {
    LocalDate date = LocalDate.ofEpochDay(day);

    assertThat(parse(WireTemporals::parseEpochMicros, date + " 00:00:00"))
        .isEqualTo(day * DAY_MICROS);
  }
}
