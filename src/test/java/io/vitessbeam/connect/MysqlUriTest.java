package io.vitessbeam.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitessbeam.ConfigurationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MysqlUriTest {

  @Test
  void parts() {
    MysqlUri uri = MysqlUri.parse("mysql+pymysql://u:p%40ss@h:3307/my%20db?tls=true&tls_ca=/ca");

    assertThat(uri)
        .isEqualTo(
            new MysqlUri(
                new MysqlAddress("h", 3307, "u", new Secret("p@ss"), TlsMode.TRUE, "/ca"),
                "my db"));
    assertThat(uri).hasToString("mysql://h:3307/my db");
    assertThat(MysqlUri.parse("mysql://h/d").address().tls()).isEqualTo(TlsMode.PREFERRED);
    assertThat(MysqlUri.parse("mysql://h/d").address().port()).isEqualTo(3306);
  }

  @ParameterizedTest
  @CsvSource({
    "mysql://h, no database",
    "mysql://h/d/e, holds a /",
    "mysql://h/d?ssl=true, unknown parameter ssl",
    "vitess://h/d, begins with vitess://",
  })
  void refuses(String uri, String message) {
    assertThatThrownBy(() -> MysqlUri.parse(uri))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining(message);
  }
}
