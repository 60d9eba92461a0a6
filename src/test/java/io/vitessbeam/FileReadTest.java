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
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

    assertThat(BlockRows.columns(of(scheme, "*.x"))).containsExactly("v " + type);
    List<List<String>> rows = BlockRows.of(of(scheme, "*.x"));
    assertThat(rows).hasSize(files).contains(List.of(first), List.of(arriving));
  }

  @Test
  void columnsOfAllFiles() throws IOException {
    csv("a1.csv", "id,Name", "1,a");
    csv("a2.csv", "name,id,more", "b,2,2024-01-31");
    csv("a3.csv", "id", "3");
    jsonLines("a1.jsonl", "{\"id\":1,\"Name\":\"a\"}");
    jsonLines("a2.jsonl", "{\"name\":\"b\",\"id\":2,\"more\":\"2024-01-31\"}", "{\"id\":3}");

    for (String scheme : List.of("csv", "jsonl")) {
      DuckDbRead read = of(scheme, "a*." + scheme);
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
    csv("p1.csv", "id,n", "1,2");
    csv("p2.csv", line == null ? new String[] {header} : new String[] {header, line});
    csv("p3.csv", "n,id", "2,1");

    assertThatThrownBy(() -> of("csv", "p*.csv").schema())
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
    csv("p1.csv", "a,b", "1,2");
    csv("p2.csv", lines);

    assertThatThrownBy(() -> of("csv", "p*.csv").schema())
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("/p2.csv, line 50001: Expected Number of Columns: 2 Found: 3: 1,2,3");
  }

  @Test
  void csvWithoutHeader() throws IOException {
    csv("n1.csv", "1,2");
    Files.writeString(folder.resolve("n2.csv"), "");
    String uri = "csv://" + folder + "/n*.csv?header=false";

    assertThat(BlockRows.columns(DuckDbRead.from(uri)))
        .containsExactly("column0 BIGINT", "column1 BIGINT");
    assertThat(BlockRows.of(DuckDbRead.from(uri))).containsExactly(List.of("1", "2"));

    csv("n3.csv", "1;2");
    assertThatThrownBy(() -> DuckDbRead.from(uri).schema())
        .hasMessageContaining("/n3.csv has other columns than the other files");
  }

  /** What a format is given for is read by it; without one a day is ambiguous, and text. */
  @Test
  void csvFormats() throws IOException {
    csv("formats.csv", "d,at,n", "3/4/25,31.12.2024 10:00,\"1,5\"", "31/12/24,,2");
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
    DuckDbRead csv = csv("given.csv", "a,b,c", "1.50,2024-01-31,true", "2,2024-02-29,false");
    assertThat(BlockRows.columns(csv.withColumns("a:text,x::b,d:json:c")))
        .containsExactly("a LONGTEXT", "b DATE", "c LONGTEXT");
    assertThat(BlockRows.of(csv.withColumns("a:double,b:varchar(10)")))
        .containsExactly(List.of("1.50", "2024-01-31", "1"), List.of("2", "2024-02-29", "0"));

    DuckDbRead json =
        jsonLines("given.jsonl", "{\"a\":1.50,\"b\":\"01\"}", "{\"a\":[ 1 ],\"b\":1}");
    assertThat(BlockRows.of(json.withColumns("a:text,b:int")))
        .containsExactly(List.of("1.50", "01"), List.of("[ 1 ]", "1"));
    assertThat(BlockRows.columns(json.withColumns("b:json"))).containsExactly("a JSON", "b JSON");
    assertThat(BlockRows.of(json.withColumns("b:json")))
        .containsExactly(List.of("1.50", "\"01\""), List.of("[ 1 ]", "1"));
  }

  @Test
  void jsonKeys() throws IOException {
    String[] lines = new String[1_200];
    for (int i = 0; i < lines.length; i++) {
      lines[i] = "{\"id\":%d,\"k%d\":%d}".formatted(i, i, i);
    }
    lines[1_199] = "{\"\\u0069d\":1199,\"Id\":\"x\",\"rare \\\"key\\\"\":null}";
    DuckDbRead read = jsonLines("keys.jsonl", lines);

    List<String> columns = BlockRows.columns(read);
    assertThat(columns).hasSize(1_202).contains("k1198 BIGINT");
    assertThat(columns.subList(1_200, 1_202)).containsExactly("Id LONGTEXT", "rare \"key\" JSON");
    List<List<String>> rows = BlockRows.of(read);
    assertThat(rows.get(1_198).get(1_199)).isEqualTo("1198");
    assertThat(rows.get(1_199).get(0)).isEqualTo("1199");
    assertThat(rows.get(1_199).get(1_200)).isEqualTo("x");

    assertThatThrownBy(() -> jsonLines("empty-key.jsonl", "{\"\":1}").schema())
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("an object has an empty key");
    assertThatThrownBy(() -> jsonLines("twice.jsonl", "{\"a\":1,\"a\":2}").schema())
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("an object has the key a twice");
    assertThatThrownBy(() -> jsonLines("list.jsonl", "[1]").schema())
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("a line is no object: [1]");
  }

  /** Types that say what values are, in two files: what the column gets, and what arrives. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          1.3::DECIMAL(3,1)       | 1.256::DECIMAL(4,3)     | DECIMAL(5,3)       | 1.300 | 1.256
          1::BIGINT               | 0.5::DECIMAL(2,1)       | DECIMAL(20,1)      | 1.0   | 0.5
          1::TINYINT              | 70000::INTEGER          | INT                | 1     | 70000
          255::UTINYINT           | -1::TINYINT             | DECIMAL(3,0)       | 255   | -1
          9007199254740993::BIGINT | 1.5::DOUBLE            | LONGTEXT           | 9007199254740993 | 1.5
          7::BIGINT               | 1.5::DOUBLE             | DOUBLE             | 7.0   | 1.5
          0.1::DECIMAL(38,1)      | 0.5::DOUBLE             | DOUBLE             | 0.1   | 0.5
          16777217::INTEGER       | 0.5::FLOAT              | DOUBLE             | 16777217.0 | 0.5
          DATE '2024-01-31'       | 'soon'                  | LONGTEXT           | 2024-01-31 | soon
          DATE '2024-01-31'       | TIMESTAMP '2024-01-31 10:00:00' | DATETIME(0,6) | 2024-01-31 00:00:00 | 2024-01-31 10:00:00
          TIMESTAMP '2024-01-31 10:00:00' | TIMESTAMPTZ '2024-01-31 10:00:00+00' | LONGTEXT | 2024-01-31 10:00:00 | 2024-01-31 10:00:00+00
          true                    | 2                       | LONGTEXT           | true  | 2
          '\\x00'::BLOB          | 'ä'                     | LONGBLOB           | 00    | c3a4
          {'a': 1}                | {'b': 2}                | JSON               | {"a":1} | {"b":2}
          {'a': 1}                | 'x'                     | JSON               | {"a":1} | "x"
          12345678901234567890123456789012345678::DECIMAL(38,0) | 0.5::DECIMAL(2,1) | LONGTEXT | 12345678901234567890123456789012345678 | 0.5
          """)
  void parquetTypesOfAllFiles(
      String first, String second, String type, String firstValue, String secondValue)
      throws SQLException {
    write(
        "SET TimeZone = 'UTC'",
        "COPY (SELECT %s AS v) TO '%s/v1.parquet'".formatted(first, folder),
        "COPY (SELECT 1 AS more, %s AS v) TO '%s/v2.parquet'".formatted(second, folder));

    assertThat(BlockRows.columns(of("parquet", "v*.parquet")))
        .containsExactly("v " + type, "more INT");
    assertThat(BlockRows.of(of("parquet", "v*.parquet")))
        .containsExactlyInAnyOrder(Arrays.asList(firstValue, null), List.of(secondValue, "1"));
  }

  /** Of 10:00:00.123456789, as an INT96 and as an INT64 in UTC. */
  @ParameterizedTest
  @CsvSource({
    "UEFSMRUAFSQVJCwVAhUAFQYVBhwAAAACAAAAAgEVDZLuvSAAALWKJQAVBBksNQAYBnNjaGVtYRUCABUGJQIYAmF0ABYC"
        + "GRwZHCYAHBUGGSUGABkYAmF0FQAWAhZKFkomCEkcFQAVABUCADwpBhkmAAIAAAAWShYCJggWSgAoIHBhcnF1"
        + "ZXQtY3BwLWFycm93IHZlcnNpb24gMjYuMC4xGRwcAAAAfAAAAFBBUjE=",
    "UEFSMRUAFRwVHCwVAhUAFQYVBhwAAAACAAAAAgEVDTn3PWavFxUEGSw1ABgGc2NoZW1hFQIAFQQlAhgCYXRsjBEcPAAA"
        + "AAAAFgIZHBkcJgAcFQQZJQYAGRgCYXQVABYCFkIWQiYISRwVABUAFQIAPCkGGSYAAgAAABZCFgImCBZCACgg"
        + "cGFycXVldC1jcHAtYXJyb3cgdmVyc2lvbiAyNi4wLjEZHBwAAACFAAAAUEFSMQ=="
  })
  void parquetNanosecondsAreRefused(String file) throws IOException {
    Files.write(folder.resolve("nanoseconds.parquet"), Base64.getDecoder().decode(file));

    assertThatThrownBy(() -> of("parquet", "nanoseconds.parquet").schema())
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("Column at of " + folder + "/nanoseconds.parquet has nanoseconds");
  }

  /** Spark has microseconds, which it writes as INT96. */
  @Test
  void parquetOfSpark() throws IOException {
    Files.write(
        folder.resolve("spark.parquet"),
        Base64.getDecoder()
            .decode(
                "UEFSMRUAFSQVJCwVAhUAFQYVBhwAAAACAAAAAgEACpLuvSAAALWKJQAVBBksNQAYBnNjaGVtYRUCABUGJQIY"
                    + "AmF0ABYCGRwZHCYAHBUGGSUGABkYAmF0FQAWAhZKFkomCEkcFQAVABUCADwpBhkmAAIAAAAWShYC"
                    + "JggWSgAZHBgYb3JnLmFwYWNoZS5zcGFyay52ZXJzaW9uGAUzLjUuMAAYIHBhcnF1ZXQtY3BwLWFy"
                    + "cm93IHZlcnNpb24gMjYuMC4xGRwcAAAAoAAAAFBBUjE="));

    assertThat(BlockRows.of(of("parquet", "spark.parquet")))
        .containsExactly(List.of("2024-01-31 10:00:00.123456"));
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
