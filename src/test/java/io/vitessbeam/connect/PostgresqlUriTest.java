package io.vitessbeam.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitessbeam.ConfigurationException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PostgresqlUriTest {

  @Test
  void parts() {
    PostgresqlUri uri =
        PostgresqlUri.parse("postgres://u:p%40ss@[::1]:5433/my%20db?sslmode=require");

    assertThat(uri)
        .isEqualTo(
            new PostgresqlUri(
                "::1", 5433, "u", new Secret("p@ss"), "my db", Map.of("sslmode", "require")));
    assertThat(uri).hasToString("postgresql://[::1]:5433/my db");
    assertThat(PostgresqlUri.parse("postgresql://h/d").port()).isEqualTo(5432);
  }

  @ParameterizedTest
  @CsvSource({
    "postgresql://h, no database",
    "postgresql://h/d?sslmode=yes, sslmode=yes is unknown",
    "postgresql://h/d?ssl=true, unknown parameter ssl",
    "mysql://h/d, begins with mysql://",
  })
  void refuses(String uri, String message) {
    assertThatThrownBy(() -> PostgresqlUri.parse(uri))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining(message);
  }
}
