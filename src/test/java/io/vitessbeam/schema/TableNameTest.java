package io.vitessbeam.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitessbeam.ConfigurationException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.NotEmpty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TableNameTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "t | ks | t",
        "a.b | a | b",
        "`a.b` | ks | a.b",
        "a.`b.c` | a | b.c",
        "`a.b`.`c``d` | a.b | c`d",
        "`x`.y z | x | y z",
        "a.b.c | a | b.c"
      })
  void good(String text, String keyspace, String table) {
    assertThat(TableName.parse(text, "ks")).isEqualTo(new TableName(keyspace, table));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "a.", ".b", "`a", "`a`b", "a.`b", "a.`b`c", "``"})
  void bad(String text) {
    assertThatThrownBy(() -> TableName.parse(text, "ks"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageStartingWith("'" + text + "' names no table; write table or keyspace.table");
  }

  @Property
  void quotedNamesSurvive(@ForAll @NotEmpty String keyspace, @ForAll @NotEmpty String table) {
    String text = SqlText.identifier(keyspace) + "." + SqlText.identifier(table);

    assertThat(TableName.parse(text, "ks")).isEqualTo(new TableName(keyspace, table));
  }
}
