package io.vitessbeam.pipelines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IntervalTest {

  @ParameterizedTest
  @CsvSource({
    "2024-01-31, 2024-01-31",
    "2024-01-31T10:20:30, 2024-01-31 10:20:30",
    "2024-01-31 10:20:30, 2024-01-31 10:20:30",
    "2024-01-31T10:20:30Z, 2024-01-31 10:20:30",
    "2024-01-31T10:20:30+02:00, 2024-01-31 08:20:30",
    "2024-01-31T10:20:30.123-0700, 2024-01-31 17:20:30.123",
    "2024-01-31 10:20:30+02:00, 2024-01-31 08:20:30",
    "2024-01-31 10:20:30.123456, 2024-01-31 10:20:30.123456",
    "2024-01-31T00:00:00, 2024-01-31 00:00:00",
  })
  void acceptsAndConvertsToUtc(String text, String sql) {
    assertThat(Interval.of(text, null).start()).contains(sql);
    assertThat(Interval.of(null, text).end()).contains(sql);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "yesterday",
        "2024-02-30",
        "2024-01-31T25:00:00",
        "2024-01-3110:20:30",
        "20240131"
      })
  void refuses(String text) {
    assertThatThrownBy(() -> Interval.of(text, null))
        .isInstanceOf(UsageException.class)
        .hasMessageStartingWith("--interval-start '" + text + "' is not a date");
  }

  @ParameterizedTest
  @CsvSource({
    "2024-01-02, 2024-01-01",
    "2024-01-01, 2024-01-01",
    "2024-01-01T01:00:00Z, 2024-01-01T02:00:00+01:00"
  })
  void startComesBeforeEnd(String start, String end) {
    assertThatThrownBy(() -> Interval.of(start, end))
        .hasMessage(
            "interval-start must be earlier than interval-end (got start="
                + start
                + ", end="
                + end
                + ")");
  }

  @Test
  void withoutBoundsIsEverything() {
    assertThat(Interval.of(null, null).isEverything()).isTrue();
    assertThat(Interval.of("2024-01-01", "2024-01-02").isEverything()).isFalse();
  }
}
