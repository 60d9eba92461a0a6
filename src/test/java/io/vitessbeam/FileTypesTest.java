package io.vitessbeam;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitessbeam.testing.BlockRows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The values of a column as they stand in a file, the type that it gets, and what arrives. */
class FileTypesTest {

  @TempDir private Path folder;

  /** Values stand between semicolons; where nothing else is said they arrive as they are. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          1;-20;0                      | BIGINT         |
          9223372036854775807          | BIGINT         |
          9223372036854775808;1        | DECIMAL(19,0)  |
          0.5;-2.25;1e-07;1.5e+300     | DOUBLE         |
          0.30000000000000004;123456789.12 | DOUBLE     |
          1.5;2                        | DOUBLE         | 1.5;2.0
          1.50;2;-0.25                 | DECIMAL(3,2)   | 1.50;2.00;-0.25
          1.5;9007199254740993         | DECIMAL(17,1)  | 1.5;9007199254740993.0
          12345678901234567890.5       | DECIMAL(21,1)  |
          0.1000000000000000055511     | DECIMAL(23,22) |
          0.0000000000000000000000000000001 | LONGTEXT  |
          123456789012345678901234567890123456789 | LONGTEXT |
          true;false                   | TINYINT(1,0)   | 1;0
          2024-02-29;0001-01-01        | DATE           |
          2024-01-31 10:00:00;2024-01-31 10:00:00.000001 | DATETIME(0,6) |
          2024-01-31 10:00:00.500      | DATETIME(0,6)  | 2024-01-31 10:00:00.5
          10:00:00;23:59:59.999999     | TIME(0,6)      |
          978-3-16                     | LONGTEXT       |
          1-2-3                        | LONGTEXT       |
          2024-1-31                    | LONGTEXT       |
          2024-02-30                   | LONGTEXT       |
          01/02/2024;31/01/2024        | LONGTEXT       |
          3/4/25                       | LONGTEXT       |
          01.02.2024                   | LONGTEXT       |
          20240131T100000              | LONGTEXT       |
          2024-01-31T10:00:00          | LONGTEXT       |
          2024-01-31 10:00             | LONGTEXT       |
          2024-01-31 10:00:00Z         | LONGTEXT       |
          2024-01-31 10:00:00+02:00    | LONGTEXT       |
          2024-01-31 10:00:00.123456789 | LONGTEXT      |
          2024-01-31;2024-01-31 10:00:00 | LONGTEXT     |
          10:00;9:00:00                | LONGTEXT       |
          10:00:00+02                  | LONGTEXT       |
          24:00:00                     | LONGTEXT       |
          0x1F                         | LONGTEXT       |
          1e5;1E5                      | LONGTEXT       |
          0.5;-2e3                     | LONGTEXT       |
          1e400                        | LONGTEXT       |
          1e-320                       | LONGTEXT       |
          +5                           | LONGTEXT       |
          -0                           | LONGTEXT       |
          007;1                        | LONGTEXT       |
          1_000                        | LONGTEXT       |
          1,000                        | LONGTEXT       |
          ~ 5;6~                       | LONGTEXT       |
          ~5 ;6~                       | LONGTEXT       |
          .5;5.                        | LONGTEXT       |
          1;2.50;x                     | LONGTEXT       |
          TRUE;true                    | LONGTEXT       |
          t;f                          | LONGTEXT       |
          yes;no                       | LONGTEXT       |
          Infinity                     | LONGTEXT       |
          inf;1.5                      | LONGTEXT       |
          nan                          | LONGTEXT       |
          infinity;2024-01-31          | LONGTEXT       |
          epoch                        | LONGTEXT       |
          10000-01-01                  | LONGTEXT       |
          0044-03-15 (BC)              | LONGTEXT       |
          A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11 | LONGTEXT |
          {1,2}                        | LONGTEXT       |
          """)
  void csv(String values, String type, String arriving) throws IOException {
    Files.writeString(
        folder.resolve("x.csv"),
        "v,id\n\"" + String.join("\",\n\"", values.split(";", -1)) + "\",\n");
    DuckDbRead read = DuckDbRead.from("csv://" + folder + "/x.csv").withoutColumns(List.of("id"));

    assertColumn(read, type, arriving == null ? values : arriving);
  }

  /** Values stand between blanks. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          1 null -20                   | BIGINT         | 1 null -20
          18446744073709551616 1       | DECIMAL(20,0)  | 18446744073709551616 1
          0.30000000000000004 123456789.12 | DOUBLE     | 0.30000000000000004 123456789.12
          1.10 2 1e5 -2E+3             | DOUBLE         | 1.1 2.0 100000.0 -2000.0
          0.1000000000000000055511     | DECIMAL(23,22) | 0.1000000000000000055511
          1.5 9007199254740993         | DECIMAL(17,1)  | 1.5 9007199254740993.0
          1e400 1                      | LONGTEXT       | 1e400 1
          123456789012345678901234567890123456789 | LONGTEXT | 123456789012345678901234567890123456789
          true false                   | TINYINT(1,0)   | 1 0
          1 true                       | JSON           | 1 true
          1 "x"                        | JSON           | 1 "x"
          null                         | JSON           | null
          "1" "2"                      | LONGTEXT       | 1 2
          "true"                       | LONGTEXT       | true
          ""                           | LONGTEXT       | ~~
          "\\u00e4\\/\\"\\ud83d\\ude00" | LONGTEXT       | ä/"😀
          "2024-01-31"                 | DATE           | 2024-01-31
          "2024-01-31T10:00:00"        | LONGTEXT       | 2024-01-31T10:00:00
          "2025-11-25T10:00:00+02:00"  | LONGTEXT       | 2025-11-25T10:00:00+02:00
          "25-11-2025"                 | LONGTEXT       | 25-11-2025
          "10:00:00"                   | TIME(0,6)      | 10:00:00
          "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11" | CHAR(36,0) | a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11
          "A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11" | LONGTEXT | A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11
          "{a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11}" | LONGTEXT | {a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11}
          {"the":1,"The":2,"":3} []    | JSON           | {"the":1,"The":2,"":3} []
          [12345678901234567890.123456789,1.50] | JSON   | [12345678901234567890.123456789,1.50]
          {"a":"}],\\"\\\\","b":{"c":[]}} | JSON         | {"a":"}],\\"\\\\","b":{"c":[]}}
          """)
  void jsonLines(String values, String type, String arriving) throws IOException {
    StringBuilder lines = new StringBuilder();
    for (String value : values.split(" ", -1)) {
      lines.append("{ \"v\" : ").append(value).append(" }\n");
    }
    Files.writeString(folder.resolve("x.jsonl"), lines);

    assertColumn(
        DuckDbRead.from("jsonl://" + folder + "/x.jsonl"), type, arriving.replace(' ', ';'));
  }

  private static void assertColumn(DuckDbRead read, String type, String values) {
    assertThat(BlockRows.columns(read)).containsExactly("v " + type);
    assertThat(BlockRows.of(read).stream().map(row -> String.valueOf(row.get(0))))
        .containsExactlyElementsOf(Arrays.asList(values.split(";", -1)));
  }
}
