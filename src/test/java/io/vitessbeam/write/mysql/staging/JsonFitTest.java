package io.vitessbeam.write.mysql.staging;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonFitTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "[]",
        "{\"a\": 1, \"A\": 1, \"b\": {\"a\": 2}, \"c\": [{\"a\": 1}, {\"a\": 1}]}",
        "[0, -0, 0.0, 1.0, 1e2, -9223372036854775808, 18446744073709551615]",
        "[0.1, 0.30000000000000004, 123456789.12, 1.7976931348623157e308, 2e-3, 1E23, 9.5e-3]",
        "[100000000000000000000, -730161.5516966507, 770094.2288211379, 929440.888004225]",
        "\"12345678901234567890.123456789\"",
        "not JSON",
      })
  void whatStaysAsItIs(String document) {
    assertThat(misfit(document)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "12345678901234567890.123456789",
        "[18446744073709551616]",
        "[-9223372036854775809]",
        "[0.1000000000000000055]",
        "[0.10000000000000001]",
        // Read as the doubles beside them.
        "[903745.8595995825]",
        "[-433414.84279613517]",
        "[1e-25]",
        "[1e400]",
        "[1e-400]",
        "[1.23456789e-320]",
        "{\"a\": 1, \"b\": [{\"c\": 1, \"c\": 1}]}",
        "{\"a\": 1, \"\\u0061\": 1}",
      })
  void whatMysqlWouldChange(String document) {
    assertThat(misfit(document)).isPresent();
  }

  private static Optional<String> misfit(String document) {
    byte[] bytes = (" " + document).getBytes(UTF_8);
    return JsonFit.misfit(bytes, 1, bytes.length - 1);
  }
}
