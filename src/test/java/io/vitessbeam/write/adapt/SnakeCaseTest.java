package io.vitessbeam.write.adapt;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SnakeCaseTest {

  @ParameterizedTest
  @CsvSource({
    "userName, user_name",
    "user_name, user_name",
    "HTTPServer, http_server",
    "getHTTPResponse, get_http_response",
    "ID, id",
    "column123, column123",
    "column2Name, column2_name",
    "123column, _123column",
    "column__name, column__name",
    "fields__123count, fields__123count",
    "123fields__count, _123fields__count",
    "__123fields, _123fields",
    "column_, columnx",
    "column___, columnxxx",
    "column-name, column_name",
    "column+name, columnxname",
    "column*name, columnxname",
    "column@name, columnaname",
    "column|name, columnlname",
    "column.name, column_name",
    "spend >>>, spendx",
    "clicks (all), clicks_allx",
    "fields__drive link (from main creative), fields__drive_link_from_main_creativex",
    "Größe Ñandú, größe_ñandú",
    "_id, _id",
  })
  void names(String name, String snake) {
    assertThat(SnakeCase.of(name)).isEqualTo(snake);
  }

  @Example
  void nothingButUnderscores() {
    assertThat(SnakeCase.of("___")).isEqualTo("xxx");
  }

  @Property
  void aNameInSnakeCaseStays(@ForAll String name) {
    String once = SnakeCase.of(name);
    assertThat(SnakeCase.of(once)).isEqualTo(once);
  }
}
