package io.vitessbeam.pipelines.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitessbeam.pipelines.UsageException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WatchAddressTest {

  @ParameterizedTest
  @CsvSource({
    "localhost:9090, localhost, 9090, http://localhost:9090/",
    "' 10.0.0.7:0 ', 10.0.0.7, 9090, http://10.0.0.7:9090/",
    ":8080, '', 9090, http://localhost:9090/",
    "[::1]:65535, [::1], 9090, http://[::1]:9090/"
  })
  void hostAndPort(String text, String host, int port, String url) {
    WatchAddress address = WatchAddress.parse(text);
    assertThat(address.host()).isEqualTo(host);
    assertThat(address.url(port)).isEqualTo(url);
    assertThat(address).hasToString(text.strip());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "9090",
        "localhost",
        "localhost:",
        "localhost:x",
        "h:65536",
        "::1:90",
        "a:1:2"
      })
  void anythingElseIsRefused(String text) {
    assertThatThrownBy(() -> WatchAddress.parse(text))
        .isInstanceOf(UsageException.class)
        .hasMessageStartingWith("--metrics-addr is host:port, ")
        .hasMessageEndingWith("not '" + text + "'");
  }

  @Test
  void aHostThatIsUnknownIsNamed() {
    assertThatThrownBy(() -> WatchAddress.parse("no-such-host.invalid:9090").resolve())
        .isInstanceOf(UsageException.class)
        .hasMessage("--metrics-addr=no-such-host.invalid:9090: the host is unknown");
  }
}
