package io.vitessbeam.pipelines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DestinationTableTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      textBlock =
          """
          orders           | main     | orders     | main.orders
          raw.orders       | raw      | orders     | raw.orders
          "a.b"            | main     | a.b        | main."a.b"
          "a.b"."c.d"      | a.b      | c.d        | "a.b"."c.d"
          raw."o ""x\"""    | raw      | o "x"      | raw."o ""x\"""
          raw.order-items  | raw      | order-items | raw."order-items"
          """)
  void parses(String text, String schema, String table, String printed) {
    DestinationTable parsed = DestinationTable.parse(text, "main");
    assertThat(parsed).isEqualTo(new DestinationTable(schema, table));
    assertThat(parsed).hasToString(printed);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "a.", ".a", "a.b.c", "\"a", "a..b", "\"\".a"})
  void refuses(String text) {
    assertThatThrownBy(() -> DestinationTable.parse(text, "main"))
        .isInstanceOf(UsageException.class)
        .hasMessageStartingWith("--dest-table '" + text + "' is neither");
  }
}
