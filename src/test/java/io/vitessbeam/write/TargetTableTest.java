package io.vitessbeam.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitessbeam.ConfigurationException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TargetTableTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      value = {
        "orders | '' | orders",
        "shop.orders | shop | orders",
        "order items-2024 | '' | order items-2024",
        "\"a.b\".c | a.b | c",
        "a.\"b.c\" | a | b.c",
        "\"a\"\"b\" | '' | a\"b",
        "`x.y`.`z` | x.y | z",
        "größe.日本 | größe | 日本",
      })
  void partsAreTakenExactly(String text, String schema, String table) {
    TargetTable name = TargetTable.parse(text);
    assertThat(name).isEqualTo(new TargetTable(schema, table));
    assertThat(TargetTable.parse(name.toString())).isEqualTo(name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "a.", ".a", "a.b.c", "\"a", "\"a\"b", "a.\"\"", "a..b"})
  void anythingElseIsAnError(String text) {
    assertThatThrownBy(() -> TargetTable.parse(text)).isInstanceOf(ConfigurationException.class);
  }
}
