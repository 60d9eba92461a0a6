package io.vitessbeam.read.duckdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitessbeam.ConfigurationException;
import io.vitessbeam.testing.BlockRows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files in Parquet, value by value. */
class ParquetReadTest {

  @TempDir private Path folder;
  private TestFiles files;

  @BeforeEach
  void nameFolder() {
    files = new TestFiles(folder);
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
      TestFiles.write(
          "SET TimeZone = 'UTC'",
          "COPY ("
              + row.formatted(i)
              + ") TO '"
              + folder
              + "/p"
              + i
              + ".parquet' (FORMAT parquet)");
    }

    assertThat(BlockRows.columns(files.of("parquet", "p1.parquet")))
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
    List<List<String>> rows = BlockRows.of(files.of("parquet", "*.parquet"));
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
    TestFiles.write(
        "SET TimeZone = 'UTC'",
        "COPY (SELECT %s AS v) TO '%s/v1.parquet'".formatted(first, folder),
        "COPY (SELECT 1 AS more, %s AS v) TO '%s/v2.parquet'".formatted(second, folder));

    assertThat(BlockRows.columns(files.of("parquet", "v*.parquet")))
        .containsExactly("v " + type, "more INT");
    assertThat(BlockRows.of(files.of("parquet", "v*.parquet")))
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

    assertThatThrownBy(() -> files.of("parquet", "nanoseconds.parquet").schema())
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

    assertThat(BlockRows.of(files.of("parquet", "spark.parquet")))
        .containsExactly(List.of("2024-01-31 10:00:00.123456"));
  }
}
