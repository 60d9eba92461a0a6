package io.vitessbeam.read.duckdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitessbeam.ConfigurationException;
import io.vitessbeam.DuckDbRead;
import io.vitessbeam.testing.BlockRows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files in CSV, value by value, and what is the same for all files. */
class FileReadTest {

  @TempDir private Path folder;
  private TestFiles files;

  @BeforeEach
  void nameFolder() {
    files = new TestFiles(folder);
  }

  @Test
  void csvTypes() throws IOException {
    DuckDbRead read =
        files.csv(
            "types.csv",
            "id,flag,ratio,day,at,note",
            "1,true,0.5,2024-01-31,2024-01-31 10:00:00,x",
            "2,false,-2000.25,2024-02-29,2024-01-31 10:00:00.000001,",
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
            Arrays.asList("2", "0", "-2000.25", "2024-02-29", "2024-01-31 10:00:00.000001", null),
            Arrays.asList("3", null, null, null, null, "y"));
  }

  @Test
  void csvQuotesLinesAndUnicode() throws IOException {
    DuckDbRead read =
        files.csv(
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
        files.csv(
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

    List<List<String>> rows = BlockRows.of(files.of("csv", "late.csv"));

    assertThat(rows).hasSize(60_000);
    assertThat(rows.get(0)).containsExactly("0", "7");
    assertThat(rows.get(59_999)).containsExactly("59999", "text");
  }

  @Test
  void csvOptions() throws IOException {
    files.csv("options.csv", "1;NULL;2,5", "2;x;3,25");
    String uri =
        "csv://"
            + folder
            + "/options.csv?header=false&delim=%3B&nullstr=NULL&decimal_separator=%2C";

    assertThat(BlockRows.of(DuckDbRead.from(uri)))
        .containsExactly(Arrays.asList("1", null, "2.5"), List.of("2", "x", "3.25"));
    files.csv("text.csv", "n,m", "01,2");
    assertThat(BlockRows.of(DuckDbRead.from("csv://" + folder + "/text.csv?all_varchar=true")))
        .containsExactly(List.of("01", "2"));
  }

  @Test
  void csvOfAHeaderAlone() throws IOException {
    DuckDbRead read = files.csv("header.csv", "a,b");

    assertThat(BlockRows.columns(read)).containsExactly("a LONGTEXT", "b LONGTEXT");
    assertThat(BlockRows.of(read)).isEmpty();
  }

  @Test
  void brokenCsv() throws IOException {
    DuckDbRead read = files.csv("broken.csv", "a,b", "1,2", "3,4,5", "6");

    assertThatThrownBy(() -> BlockRows.of(read))
        .hasStackTraceContaining("don't have the same number of fields");
  }

  @Test
  void globsOfSeveralFiles() throws IOException {
    files.csv("part-1.csv", "id,name", "1,a", "2,b");
    files.csv("part-2.csv", "name,id", "c,3");
    files.csv("other.csv", "x", "9");
    DuckDbRead read = files.of("csv", "part-*.csv");

    assertThat(BlockRows.of(read))
        .containsExactlyInAnyOrder(List.of("1", "a"), List.of("2", "b"), List.of("3", "c"));
    assertThat(BlockRows.of(read.withLimit(1))).hasSize(1);
    assertThat(BlockRows.of(read.withIncrementalKey("id", "2", null).withoutColumns(List.of("id"))))
        .containsExactlyInAnyOrder(List.of("b"), List.of("c"));
  }

  @Test
  void aNameThatLooksLikeAPattern() throws IOException {
    files.csv("a[1]*.csv", "id", "1");
    files.csv("a1x.csv", "id", "2");

    assertThat(BlockRows.of(files.of("csv", "a[1]*.csv"))).containsExactly(List.of("1"));
  }

  /** More of them than DuckDB looks at by default, the last of them with other values. */
  @ParameterizedTest
  @CsvSource({
    "csv, 40, 2, 1.5, 'v\n#', DOUBLE, 2.0, 1.5",
    "csv, 40, 2, x, 'v\n#', LONGTEXT, 2, x",
    "csv, 40, 2024-01-31, soon, 'v\n#', LONGTEXT, 2024-01-31, soon",
    "csv, 40, 1, 1234567890123456789.25, 'v\n#', 'DECIMAL(21,2)', 1.00, 1234567890123456789.25",
    "jsonl, 40, 2, 1.5, '{\"v\":#}', DOUBLE, 2.0, 1.5",
    "jsonl, 40, 2, '\"x\"', '{\"v\":#}', JSON, 2, '\"x\"'",
    "jsonl, 40, 9007199254740993, 1.5, '{\"v\":#}', 'DECIMAL(17,1)', 9007199254740993.0, 1.5",
  })
  void typesOfAllFiles(
      String scheme,
      int files,
      String value,
      String last,
      String content,
      String type,
      String first,
      String arriving)
      throws IOException {
    for (int i = 0; i < files; i++) {
      String text = content.replace("\\n", "\n").replace("#", i == files - 1 ? last : value);
      Files.writeString(folder.resolve("f%02d.x".formatted(i)), text + "\n");
    }

    assertThat(BlockRows.columns(this.files.of(scheme, "*.x"))).containsExactly("v " + type);
    List<List<String>> rows = BlockRows.of(this.files.of(scheme, "*.x"));
    assertThat(rows).hasSize(files).contains(List.of(first), List.of(arriving));
  }

  @Test
  void columnsOfAllFiles() throws IOException {
    files.csv("a1.csv", "id,Name", "1,a");
    files.csv("a2.csv", "name,id,more", "b,2,2024-01-31");
    files.csv("a3.csv", "id", "3");
    files.jsonLines("a1.jsonl", "{\"id\":1,\"Name\":\"a\"}");
    files.jsonLines("a2.jsonl", "{\"name\":\"b\",\"id\":2,\"more\":\"2024-01-31\"}", "{\"id\":3}");

    for (String scheme : List.of("csv", "jsonl")) {
      DuckDbRead read = files.of(scheme, "a*." + scheme);
      assertThat(BlockRows.columns(read))
          .containsExactly("id BIGINT", "Name LONGTEXT", "name LONGTEXT", "more DATE");
      assertThat(BlockRows.of(read))
          .containsExactlyInAnyOrder(
              Arrays.asList("1", "a", null, null),
              Arrays.asList("2", null, "b", "2024-01-31"),
              Arrays.asList("3", null, null, null));
      assertThat(BlockRows.of(read.withIncrementalKey("more", "2024-01-31", null)))
          .containsExactly(Arrays.asList("2", null, "b", "2024-01-31"));
      assertThat(BlockRows.of(read.withoutColumns(List.of("Name", "more")).withLimit(5)))
          .containsExactlyInAnyOrder(
              Arrays.asList("1", null), List.of("2", "b"), Arrays.asList("3", null));
    }
  }

  /** The file, and what is wrong with it. */
  @ParameterizedTest
  @CsvSource({
    "'', , is empty: it has not even a header",
    "id;n, 1;2, has other columns than the other files: it has id;n",
    "'id,n', '1,2,3', can't be read as CSV: its lines don't have the same number of fields",
    "'id,n', '1,\"2', can't be read as CSV: its lines don't have the same number of fields",
  })
  void theFileThatDoesNotFit(String header, String line, String message) throws IOException {
    files.csv("p1.csv", "id,n", "1,2");
    files.csv("p2.csv", line == null ? new String[] {header} : new String[] {header, line});
    files.csv("p3.csv", "n,id", "2,1");

    assertThatThrownBy(() -> files.of("csv", "p*.csv").schema())
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("/p2.csv " + message);
  }

  /** Behind the lines by which DuckDB would know it. */
  @Test
  void aLateLineThatDoesNotFit() throws IOException {
    String[] lines = new String[60_000];
    Arrays.fill(lines, "1,2");
    lines[0] = "a,b";
    lines[50_000] = "1,2,3";
    files.csv("p1.csv", "a,b", "1,2");
    files.csv("p2.csv", lines);

    assertThatThrownBy(() -> files.of("csv", "p*.csv").schema())
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("/p2.csv, line 50001: Expected Number of Columns: 2 Found: 3: 1,2,3");
  }

  @Test
  void csvWithoutHeader() throws IOException {
    files.csv("n1.csv", "1,2");
    Files.writeString(folder.resolve("n2.csv"), "");
    String uri = "csv://" + folder + "/n*.csv?header=false";

    assertThat(BlockRows.columns(DuckDbRead.from(uri)))
        .containsExactly("column0 BIGINT", "column1 BIGINT");
    assertThat(BlockRows.of(DuckDbRead.from(uri))).containsExactly(List.of("1", "2"));

    files.csv("n3.csv", "1;2");
    assertThatThrownBy(() -> DuckDbRead.from(uri).schema())
        .hasMessageContaining("/n3.csv has other columns than the other files");
  }

  /** What a format is given for is read by it; without one a day is ambiguous, and text. */
  @Test
  void csvFormats() throws IOException {
    files.csv("formats.csv", "d,at,n", "3/4/25,31.12.2024 10:00,\"1,5\"", "31/12/24,,2");
    String uri = "csv://" + folder + "/formats.csv";
    DuckDbRead formatted =
        DuckDbRead.from(
            uri
                + "?dateformat=%25d/%25m/%25y&timestampformat=%25d.%25m.%25Y %25H:%25M"
                + "&decimal_separator=%2C");

    assertThat(BlockRows.columns(DuckDbRead.from(uri)))
        .containsExactly("d LONGTEXT", "at LONGTEXT", "n LONGTEXT");
    for (DuckDbRead read :
        List.of(formatted, formatted.withColumns("d:date,at:timestamp_ntz,n:decimal(9,2)"))) {
      assertThat(BlockRows.columns(read)).containsExactly("d DATE", "at DATETIME(0,6)", "n DOUBLE");
      assertThat(BlockRows.of(read))
          .containsExactly(
              List.of("2025-04-03", "2024-12-31 10:00:00", "1.5"),
              Arrays.asList("2024-12-31", null, "2.0"));
    }
    assertThat(BlockRows.of(formatted.withColumns("d:text,n:text")))
        .containsExactly(
            List.of("3/4/25", "2024-12-31 10:00:00", "1,5"), Arrays.asList("31/12/24", null, "2"));
    assertThatThrownBy(() -> DuckDbRead.from(uri + "?dateformat=%25Q").schema())
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("dateformat=%Q");
  }

  /** They get their type later, from what stands in the file. */
  @Test
  void columnsOfAGivenType() throws IOException {
    DuckDbRead csv = files.csv("given.csv", "a,b,c", "1.50,2024-01-31,true", "2,2024-02-29,false");
    assertThat(BlockRows.columns(csv.withColumns("a:text,x::b,d:json:c")))
        .containsExactly("a LONGTEXT", "b DATE", "c LONGTEXT");
    assertThat(BlockRows.of(csv.withColumns("a:double,b:varchar(10)")))
        .containsExactly(List.of("1.50", "2024-01-31", "1"), List.of("2", "2024-02-29", "0"));

    DuckDbRead json =
        files.jsonLines("given.jsonl", "{\"a\":1.50,\"b\":\"01\"}", "{\"a\":[ 1 ],\"b\":1}");
    assertThat(BlockRows.of(json.withColumns("a:text,b:int")))
        .containsExactly(List.of("1.50", "01"), List.of("[ 1 ]", "1"));
    assertThat(BlockRows.columns(json.withColumns("b:json"))).containsExactly("a JSON", "b JSON");
    assertThat(BlockRows.of(json.withColumns("b:json")))
        .containsExactly(List.of("1.50", "\"01\""), List.of("[ 1 ]", "1"));
  }

  @Test
  void columnsWithoutAGivenTypeAreTextWhereNoneIsInferred() throws IOException {
    DuckDbRead csv = files.csv("plain.csv", "a,b,c", "1.50,2024-01-31,true");
    assertThat(BlockRows.columns(csv.withoutInference().withColumns("b:date")))
        .containsExactly("a LONGTEXT", "b LONGTEXT", "c LONGTEXT");
    assertThat(BlockRows.of(csv.withColumns("b:date").withoutInference()))
        .containsExactly(List.of("1.50", "2024-01-31", "true"));

    DuckDbRead json =
        files.jsonLines("plain.jsonl", "{\"a\":1.50,\"b\":\"01\",\"c\":{\"d\":[1, 2]}}");
    assertThat(BlockRows.columns(json.withoutInference()))
        .containsExactly("a LONGTEXT", "b LONGTEXT", "c LONGTEXT");
    assertThat(BlockRows.of(json.withoutInference()))
        .containsExactly(List.of("1.50", "01", "{\"d\":[1, 2]}"));
  }

  @Test
  void missingFiles() {
    for (String scheme : List.of("csv", "jsonl", "parquet")) {
      assertThatThrownBy(() -> files.of(scheme, "nope*.x").schema())
          .isInstanceOf(ConfigurationException.class)
          .hasMessage("There is no file " + folder + "/nope*.x");
    }
  }
}
