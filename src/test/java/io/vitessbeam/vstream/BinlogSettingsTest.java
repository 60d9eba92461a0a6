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
    assertThatCode(() -> BinlogSettings.require("shop/0", image, "", "ROW"))
        .doesNotThrowAnyException();
  }

  @Test
  void images() {
    assertThatThrownBy(() -> BinlogSettings.require("shop/0", "MINIMAL", "", "ROW"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("shop/0")
        .hasMessageContaining("set binlog_row_image=FULL");
  }

  @ParameterizedTest
  @ValueSource(strings = {"STATEMENT", "mixed"})
  void statements(String format) {
    assertThatThrownBy(() -> BinlogSettings.require("shop/0", "FULL", "", format))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("shop/0 have binlog_format=" + format)
        .hasMessageContaining("set binlog_format=ROW");
  }

  @Test
  void partialDocuments() {
    assertThatThrownBy(() -> BinlogSettings.require("shop/0", "FULL", "PARTIAL_JSON", "row"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("shop/0")
        .hasMessageContaining("binlog_row_value_options=PARTIAL_JSON");
  }
}
