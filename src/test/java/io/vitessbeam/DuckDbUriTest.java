package io.vitessbeam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DuckDbUriTest {

  @ParameterizedTest
  @CsvSource({
    "duckdb:///dir/x.duckdb, /dir/x.duckdb",
    "duckdb:////dir/x.duckdb, /dir/x.duckdb",
    "duckdb:////x.duckdb, /x.duckdb",
    "duckdb:///a/b/../x, /a/x",
    "duckdb:///tmp/a%20b%2525.db, /tmp/a b%25.db",
    "duckdb:///tmp/a+b%C3%BC.db, /tmp/a+bü.db",
  })
  void pathsWithDirectoriesAreAbsolute(String uri, String path) {
    assertThat(DuckDbUri.parse(uri).path()).isEqualTo(path);
  }

  @ParameterizedTest
  @CsvSource({
    "duckdb:///x.duckdb, x.duckdb",
    "duckdb:///./x.duckdb, x.duckdb",
    "duckdb:///./dir/x.duckdb, dir/x.duckdb",
    "duckdb:///../x.duckdb, ../x.duckdb",
  })
  void aSingleNameIsAFileOfTheWorkingDirectory(String uri, String path) {
    Path expected = Path.of("").toAbsolutePath().resolve(path).normalize();
    assertThat(DuckDbUri.parse(uri).path()).isEqualTo(expected.toString());
  }

  @ParameterizedTest
  @CsvSource({
    "x.duckdb, doesn't start with duckdb:",
    "sqlite:///x, doesn't start with duckdb:",
    "duckdb:x.duckdb, has no //",
    "duckdb:/x.duckdb, has no //",
    "duckdb://host/x.duckdb, has no host",
    "duckdb:///, names no file",
    "duckdb:////, names no file",
    "duckdb:///dir/, names no file",
    "duckdb:///:memory:, in memory",
    "duckdb::memory:, in memory",
    "duckdb:///x?threads=2, takes no parameters",
    "duckdb:///100%.db, %25",
    "duckdb:///a%00b, Nul character",
  })
  void anythingElseIsAnErrorThatShowsTheForms(String uri, String reason) {
    assertThatThrownBy(() -> DuckDbUri.parse(uri))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining(uri)
        .hasMessageContaining(reason)
        .hasMessageContaining("duckdb:///dir/file.duckdb");
  }

  @Test
  void aSemicolonIsRefused() {
    assertThatThrownBy(() -> DuckDbUri.parse("duckdb:///tmp/a;b"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("semicolon");
  }
}
