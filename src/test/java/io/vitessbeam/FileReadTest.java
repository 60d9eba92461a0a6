package io.vitessbeam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitessbeam.testing.BlockRows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files in CSV, JSON lines and Parquet, value by value. */
class FileReadTest {

  @TempDir private Path folder;

  private DuckDbRead of(String scheme, String pattern) {
    return DuckDbRead.from(scheme + "://" + folder + "/" + pattern);
  }

  private DuckDbRead csv(String name, String... lines) throws IOException {
    Files.writeString(folder.resolve(name), String.join("\n", lines) + "\n");
    return of("csv", name);
  }

  private DuckDbRead jsonLines(String name, String... lines) throws IOException {
    Files.writeString(folder.resolve(name), String.join("\n", lines) + "\n");
    return of("jsonl", name);
  }

  private void write(String... statements) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  @Test
  void csvTypes() throws IOException {
    DuckDbRead read =
        csv(
            "types.csv",
            "id,flag,ratio,day,at,note",
            "1,true,0.5,2024-01-31,2024-01-31 10:00:00,x",
            "2,false,-2e3,2024-02-29,2024-01-31 10:00:00.000001,",
            "3,,,,,y");

    assertThat(BlockRows.columns(read))
        .containsExactly(
            "id BIGINT",
            "flag TINYINT(1,0)",
            "ratio DOUBLE",
            "day DATE",
            "at DATETIME(0,6)",
            "note LONGTEXT");
    assertThat(BlockRows.of(read))
        .containsExactly(
            List.of("1", "1", "0.5", "2024-01-31", "2024-01-31 10:00:00", "x"),
            Arrays.asList("2", "0", "-2000.0", "2024-02-29", "2024-01-31 10:00:00.000001", null),
            Arrays.asList("3", null, null, null, null, "y"));
  }

  @Test
  void csvQuotesLinesAndUnicode() throws IOException {
    DuckDbRead read =
        csv(
            "quotes.csv",
            "\"a \"\"b\"\"\",ü;x,empty",
            "\"one \"\"two\"\", three\nfour\",\"😀\",\"\"",
            "plain,'q',z");

    assertThat(BlockRows.columns(read))
        .containsExactly("a \"b\" LONGTEXT", "ü;x LONGTEXT", "empty LONGTEXT");
    assertThat(BlockRows.of(read))
        .containsExactly(
            List.of("one \"two\", three\nfour", "😀", ""), List.of("plain", "'q'", "z"));
  }

  /** What DuckDB's types would round or cut keeps its digits. */
  @Test
  void csvNumbersAndTimesOfManyDigits() throws IOException {
    DuckDbRead read =
        csv(
            "digits.csv",
            "zip,big,amount,wide,at,clock,e",
            "01234,18446744073709551615,0.10,1234567890123456789012345678901234567890.5,"
                + "2024-01-01 00:00:00.123456789,10:00:00,1e400",
            "99999,1,12345678901234567890.123,1,2024-01-02 00:00:00,11:00:00.5,1");

    assertThat(BlockRows.columns(read))
        .containsExactly(
            "zip LONGTEXT",
            "big DECIMAL(20,0)",
            "amount DECIMAL(23,3)",
            "wide LONGTEXT",
            "at LONGTEXT",
            "clock TIME(0,6)",
            "e LONGTEXT");
    assertThat(BlockRows.of(read))
        .containsExactly(
            List.of(
                "01234",
                "18446744073709551615",
                "0.100",
                "1234567890123456789012345678901234567890.5",
                "2024-01-01 00:00:00.123456789",
                "10:00:00",
                "1e400"),
            List.of(
                "99999",
                "1",
                "12345678901234567890.123",
                "1",
                "2024-01-02 00:00:00",
                "11:00:00.5",
                "1"));
  }

  /** Beyond the rows that DuckDB looks at by default. */
  @Test
  void csvTypesOfAllRows() throws IOException {
    StringBuilder lines = new StringBuilder("id,late\n");
    for (int i = 0; i < 60_000; i++) {
      lines.append(i).append(',').append(i == 59_999 ? "text" : "7").append('\n');
    }
    Files.writeString(folder.resolve("late.csv"), lines);

    List<List<String>> rows = BlockRows.of(of("csv", "late.csv"));

    assertThat(rows).hasSize(60_000);
    assertThat(rows.get(0)).containsExactly("0", "7");
    assertThat(rows.get(59_999)).containsExactly("59999", "text");
  }

  @Test
  void csvOptions() throws IOException {
    csv("options.csv", "1;NULL;2,5", "2;x;3,25");
    String uri =
        "csv://"
            + folder
            + "/options.csv?header=false&delim=%3B&nullstr=NULL&decimal_separator=%2C";

    assertThat(BlockRows.of(DuckDbRead.from(uri)))
        .containsExactly(Arrays.asList("1", null, "2.5"), List.of("2", "x", "3.25"));
    csv("text.csv", "n,m", "01,2");
    assertThat(BlockRows.of(DuckDbRead.from("csv://" + folder + "/text.csv?all_varchar=true")))
        .containsExactly(List.of("01", "2"));
  }

  @Test
  void csvOfAHeaderAlone() throws IOException {
    DuckDbRead read = csv("header.csv", "a,b");

    assertThat(BlockRows.columns(read)).containsExactly("a LONGTEXT", "b LONGTEXT");
    assertThat(BlockRows.of(read)).isEmpty();
  }

  @Test
  void brokenCsv() throws IOException {
    DuckDbRead read = csv("broken.csv", "a,b", "1,2", "3,4,5", "6");

    assertThatThrownBy(() -> BlockRows.of(read))
        .hasStackTraceContaining("don't have the same number of fields");
  }

  @Test
  void globsOfSeveralFiles() throws IOException {
    csv("part-1.csv", "id,name", "1,a", "2,b");
    csv("part-2.csv", "name,id", "c,3");
    csv("other.csv", "x", "9");
    DuckDbRead read = of("csv", "part-*.csv");

    assertThat(BlockRows.of(read))
        .containsExactlyInAnyOrder(List.of("1", "a"), List.of("2", "b"), List.of("3", "c"));
    assertThat(BlockRows.of(read.withLimit(1))).hasSize(1);
    assertThat(BlockRows.of(read.withIncrementalKey("id", "2", null).withoutColumns(List.of("id"))))
        .containsExactlyInAnyOrder(List.of("b"), List.of("c"));
  }

  @Test
  void aNameThatLooksLikeAPattern() throws IOException {
    csv("a[1]*.csv", "id", "1");
    csv("a1x.csv", "id", "2");

    assertThat(BlockRows.of(of("csv", "a[1]*.csv"))).containsExactly(List.of("1"));
  }

  @Test
  void nestedJson() throws IOException {
    DuckDbRead read =
        jsonLines(
            "nested.jsonl",
            "{\"id\":1,\"o\":{\"z\":1,\"a\":[1,{\"x\":null}]},\"l\":[1,2],\"s\":\"ä\\n\",\"b\":true,"
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
    DuckDbRead read = jsonLines("broken.jsonl", "{\"id\":1}", "{\"id\":", "{\"id\":3}");

    assertThatThrownBy(() -> BlockRows.of(read)).hasStackTraceContaining("Malformed JSON");
  }

  @Test
  void parquetTypesAndGlobs() throws SQLException {
    String row =
        "SELECT %d::TINYINT AS i, 18446744073709551615::UBIGINT AS u, 1.25::DECIMAL(20,4) AS d,"
            + " 0.1::FLOAT AS f, 'ä' AS s, '\\x00\\xFF'::BLOB AS b, DATE '2024-01-31' AS day,"
            + " TIMESTAMP '2024-01-31 10:00:00.000001' AS at,"
            + " TIMESTAMPTZ '2024-01-31 10:00:00+02' AS z, TIME '10:00:00' AS t,"
            + " {'a': [1, 2]} AS o, uuid '00000000-0000-0000-0000-000000000001' AS id,"
            + " NULL::INTEGER AS n, true AS yes";
    for (int i = 1; i <= 2; i++) {
      write(
          "SET TimeZone = 'UTC'",
          "COPY ("
              + row.formatted(i)
              + ") TO '"
              + folder
              + "/p"
              + i
              + ".parquet' (FORMAT parquet)");
    }

    assertThat(BlockRows.columns(of("parquet", "p1.parquet")))
        .containsExactly(
            "i TINYINT",
            "u BIGINT UNSIGNED",
            "d DECIMAL(20,4)",
            "f FLOAT",
            "s LONGTEXT",
            "b LONGBLOB",
            "day DATE",
            "at DATETIME(0,6)",
            "z TIMESTAMP(0,6)",
            "t TIME(0,6)",
            "o JSON",
            "id CHAR(36,0)",
            "n INT",
            "yes TINYINT(1,0)");
    List<List<String>> rows = BlockRows.of(of("parquet", "*.parquet"));
    assertThat(rows).hasSize(2);
    assertThat(rows.get(0))
        .isEqualTo(
            Arrays.asList(
                "1",
                "18446744073709551615",
                "1.2500",
                "0.10000000149011612",
                "ä",
                "00ff",
                "2024-01-31",
                "2024-01-31 10:00:00.000001",
                "2024-01-31 08:00:00",
                "10:00:00",
                "{\"a\":[1,2]}",
                "00000000-0000-0000-0000-000000000001",
                null,
                "1"));
  }

  @Test
  void missingFiles() {
    for (String scheme : List.of("csv", "jsonl", "parquet")) {
      assertThatThrownBy(() -> of(scheme, "nope*.x").schema())
          .isInstanceOf(ConfigurationException.class)
          .hasMessage("There is no file " + folder + "/nope*.x");
    }
  }
}
