package io.vitessbeam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FileUriTest {

  private static final Path HERE = Path.of("").toAbsolutePath();

  @ParameterizedTest
  @CsvSource({
    "csv:///x.csv, x.csv, CSV",
    "csv://x.csv, x.csv, CSV",
    "jsonl://dir/*.jsonl, dir/*.jsonl, JSONL",
    "csv:///./dir/x.csv, dir/x.csv, CSV",
    "parquet:///dir/x.parquet, /dir/x.parquet, PARQUET",
    "parquet:////dir/**/x%3F%25.parquet, /dir/**/x?%.parquet, PARQUET",
  })
  void paths(String uri, String path, FileUri.Format format) {
    FileUri parsed = FileUri.parse(uri);
    assertThat(parsed.pattern()).isEqualTo(HERE.resolve(path).toString());
    assertThat(parsed.format()).isEqualTo(format);
  }

  @Test
  void options() {
    assertThat(FileUri.parse("csv://x.csv?delim=%3B&header=false").options())
        .containsEntry("delim", ";")
        .containsEntry("header", "false")
        .hasSize(2);
    assertThat(FileUri.parse("csv://x.csv?union_by_name=true").options()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "csv://, names no file",
    "csv:///dir/, names no file",
    "json://x, its scheme is none of",
    "csv://x.csv?delimiter=x, delimiter is no option",
    "parquet://x?header=true, header is no option",
    "csv://x.csv?union_by_name=false, union_by_name is no option",
    "csv://x%zz, written %25",
  })
  void refuses(String uri, String message) {
    assertThatThrownBy(() -> FileUri.parse(uri))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource({"csv://a/orders.csv.gz, orders", "csv://a/orders*.csv, ''", "csv://.x, .x"})
  void stems(String uri, String stem) {
    assertThat(FileUri.parse(uri).stem()).isEqualTo(stem);
  }
}
