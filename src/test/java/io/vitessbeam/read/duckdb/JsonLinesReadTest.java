package io.vitessbeam.read.duckdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitessbeam.ConfigurationException;
import io.vitessbeam.DuckDbRead;
import io.vitessbeam.testing.BlockRows;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files in JSON lines, value by value. */
class JsonLinesReadTest {

  @TempDir private Path folder;
  private TestFiles files;

  @BeforeEach
  void nameFolder() {
    files = new TestFiles(folder);
  }

  @Test
  void nestedJson() throws IOException {
    DuckDbRead read =
        files.jsonLines(
            "nested.jsonl",
            "{\"id\":1,\"o\":{\"z\":1,\"a\":[1,{\"x\":null}]},\"l\":[1,2],\"s\":\"ä\\n"
                + "\",\"b\":true,"
                + "\"d\":\"2024-01-31\",\"n\":18446744073709551616,\"m\":1,\"f\":0.5}",
            "{\"id\":2,\"o\":{\"other\":\"x\"},\"l\":null,\"s\":null,\"n\":1,\"m\":\"x\"}");

    assertThat(BlockRows.columns(read))
        .containsExactly(
            "id BIGINT",
            "o JSON",
            "l JSON",
            "s LONGTEXT",
            "b TINYINT(1,0)",
            "d DATE",
            "n DECIMAL(20,0)",
            "m JSON",
            "f DOUBLE");
    assertThat(BlockRows.of(read))
        .containsExactly(
            List.of(
                "1",
                "{\"z\":1,\"a\":[1,{\"x\":null}]}",
                "[1,2]",
                "ä\n",
                "1",
                "2024-01-31",
                "18446744073709551616",
                "1",
                "0.5"),
            Arrays.asList("2", "{\"other\":\"x\"}", null, null, null, null, "1", "\"x\"", null));
  }

  @Test
  void brokenJson() throws IOException {
    DuckDbRead read = files.jsonLines("broken.jsonl", "{\"id\":1}", "{\"id\":", "{\"id\":3}");

    assertThatThrownBy(() -> BlockRows.of(read)).hasStackTraceContaining("Malformed JSON");
  }

  @Test
  void jsonKeys() throws IOException {
    String[] lines = new String[1_200];
    for (int i = 0; i < lines.length; i++) {
      lines[i] = "{\"id\":%d,\"k%d\":%d}".formatted(i, i, i);
    }
    lines[1_199] = "{\"\\u0069d\":1199,\"Id\":\"x\",\"rare \\\"key\\\"\":null}";
    DuckDbRead read = files.jsonLines("keys.jsonl", lines);

    List<String> columns = BlockRows.columns(read);
    assertThat(columns).hasSize(1_202).contains("k1198 BIGINT");
    assertThat(columns.subList(1_200, 1_202)).containsExactly("Id LONGTEXT", "rare \"key\" JSON");
    List<List<String>> rows = BlockRows.of(read);
    assertThat(rows.get(1_198).get(1_199)).isEqualTo("1198");
    assertThat(rows.get(1_199).get(0)).isEqualTo("1199");
    assertThat(rows.get(1_199).get(1_200)).isEqualTo("x");

    assertThatThrownBy(() -> files.jsonLines("empty-key.jsonl", "{\"\":1}").schema())
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("an object has an empty key");
    assertThatThrownBy(() -> files.jsonLines("twice.jsonl", "{\"a\":1,\"a\":2}").schema())
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("an object has the key a twice");
    assertThatThrownBy(() -> files.jsonLines("list.jsonl", "[1]").schema())
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("a line is no object: [1]");
  }
}
