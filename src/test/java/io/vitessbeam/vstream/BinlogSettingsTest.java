package io.vitessbeam.vstream;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitessbeam.ConfigurationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Binary logs that leave out what is needed are refused. */
class BinlogSettingsTest {

  @ParameterizedTest
  @ValueSource(strings = {"FULL", "NOBLOB", "noblob"})
  void fullImages(String image) {
    assertThatCode(() -> BinlogSettings.require("shop/0", image, "")).doesNotThrowAnyException();
  }

  @Test
  void images() {
    assertThatThrownBy(() -> BinlogSettings.require("shop/0", "MINIMAL", ""))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("shop/0")
        .hasMessageContaining("set binlog_row_image=FULL");
  }

  @Test
  void partialDocuments() {
    assertThatThrownBy(() -> BinlogSettings.require("shop/0", "FULL", "PARTIAL_JSON"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("shop/0")
        .hasMessageContaining("binlog_row_value_options=PARTIAL_JSON");
  }
}
