package io.vitessbeam.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitessbeam.ConfigurationException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is read for an end of an interval. */
class BoundTest {

  @ParameterizedTest
  @CsvSource({
    "NUMBER, true, +1.50, 1.50",
    "NUMBER, false, 1e3, 1000",
    "NUMBER, true, .5, 0.5",
    "FLOATING, true, -1.5E-3, -0.0015",
    "MOMENT, true, 2024-01-31, 2024-01-31 00:00:00.000000",
    "MOMENT, true, 2024-01-31T10:00, 2024-01-31 10:00:00.000000",
    "MOMENT, true, 2024-01-31 10:00:00.5+00, 2024-01-31 10:00:00.500000",
    "MOMENT, true, 2023-12-31 23:59:59.9999991, 2024-01-01 00:00:00.000000",
    "MOMENT, false, 2023-12-31 23:59:59.9999999, 2023-12-31 23:59:59.999999",
    "TIME, true, -00:00:00.0000015, -00:00:00.000001",
    "TIME, false, -00:00:00.0000015, -00:00:00.000002",
    "TIME, true, 838:59:59, 838:59:59.000000",
    "TEXT, true, ' a', ' a'"
  })
  void anEndIsReadWithAllItsDigits(ValueOrder order, boolean low, String given, String text) {
    assertThat(Bound.of("v", order, low, given).text()).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({
    "NUMBER, x",
    "NUMBER, 1e999999999",
    "NUMBER, 2024-01-01",
    "FLOATING, NaN",
    "MOMENT, 2024-02-31",
    "MOMENT, 0000-00-00",
    "MOMENT, 2024-1-1",
    "MOMENT, 2024-01-01 24:00:01",
    "MOMENT, 2024-01-01 00:00:00+02",
    "TIME, 10",
    "NONE, 1"
  })
  void whatIsNoValueIsRefused(ValueOrder order, String given) {
    assertThatThrownBy(() -> Bound.of("v", order, true, given))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("'" + given + "' is no value of the incremental key v");
  }
}
