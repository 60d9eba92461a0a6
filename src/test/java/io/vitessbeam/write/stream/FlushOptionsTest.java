package io.vitessbeam.write.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitessbeam.ConfigurationException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class FlushOptionsTest {

  @Test
  void defaultsAreThoseOfTheHelp() {
    assertThat(FlushOptions.DEFAULT.interval()).isEqualTo(Duration.ofSeconds(30));
    assertThat(FlushOptions.DEFAULT.records()).isEqualTo(50_000);
  }

  @Test
  void boundsAreNamed() {
    assertThat(FlushOptions.DEFAULT.withInterval(Duration.ofMillis(100)).interval())
        .isEqualTo(Duration.ofMillis(100));
    assertThat(FlushOptions.DEFAULT.withRecords(1).records()).isEqualTo(1);
    assertThatThrownBy(() -> FlushOptions.DEFAULT.withInterval(Duration.ofMillis(99)))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("from 100 ms to 1 hour");
    assertThatThrownBy(() -> FlushOptions.DEFAULT.withInterval(Duration.ofMinutes(61)))
        .isInstanceOf(ConfigurationException.class);
    assertThatThrownBy(() -> FlushOptions.DEFAULT.withRecords(0))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("1 or more");
  }
}
