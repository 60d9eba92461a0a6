package io.vitessbeam.write.adapt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitessbeam.ConfigurationException;
import io.vitessbeam.schema.ColumnType;
import io.vitessbeam.schema.MysqlType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ColumnOverrideTest {

  @Test
  void typesAndNamesBetweenCommas() {
    assertThat(ColumnOverride.parse("id:bigint, price : decimal(10,2) : cost,b::É a"))
        .containsExactly(
            new ColumnOverride("id", "", ColumnType.of(MysqlType.BIGINT)),
            new ColumnOverride("cost", "price", ColumnType.decimal(10, 2)),
            new ColumnOverride("É a", "b", null));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a", "a:", ":int", "a:int:", "::a", "a::b:c", "a:int,,b:int"})
  void anythingElseIsAnError(String text) {
    assertThatThrownBy(() -> ColumnOverride.parse(text))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("is no");
  }

  @Test
  void aColumnIsGivenOnce() {
    assertThatThrownBy(() -> ColumnOverride.parse("a:int,b::a"))
        .hasMessage("column a is given twice");
  }
}
