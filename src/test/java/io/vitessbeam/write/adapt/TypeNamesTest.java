package io.vitessbeam.write.adapt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitessbeam.ConfigurationException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TypeNamesTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          int              | BIGINT
          BigInt Unsigned  | BIGINT UNSIGNED
          int32            | INT
          tinyint          | TINYINT
          bool             | TINYINT(1)
          float            | FLOAT
          float64          | DOUBLE
          decimal          | DECIMAL(38, 9)
          decimal(10)      | DECIMAL(10, 0)
          numeric( 65, 30) | DECIMAL(65, 30)
          string           | LONGTEXT
          varchar(20)      | VARCHAR(20)
          binary(16)       | VARBINARY(16)
          datetime         | TIMESTAMP(6)
          timestamp(3)     | TIMESTAMP(3)
          timestamp_ntz    | DATETIME(6)
          time(0)          | TIME
          jsonb            | JSON
          uuid             | CHAR(36)
          """)
  void names(String name, String type) {
    assertThat(TypeNames.print(TypeNames.parse(name))).isEqualTo(type);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          integr        | is no type; there are bigint, binary
          decimal(66)   | a decimal has 1 to 65 digits
          decimal(5,6)  | a decimal has 1 to 65 digits
          decimal(0)    | a decimal has 1 to 65 digits
          varchar(0)    | its length is 1 at least
          text(5,2)     | only decimals have a scale
          int(11)       | it takes no length
          timestamp(7)  | a second has 6 digits at most
          text unsigned | only integers are unsigned
          varchar(      | is no type
          """)
  void refuses(String name, String message) {
    assertThatThrownBy(() -> TypeNames.parse(name))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining(message);
  }
}
