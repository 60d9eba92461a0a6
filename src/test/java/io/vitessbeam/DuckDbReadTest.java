package io.vitessbeam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitessbeam.testing.BlockRows;
import io.vitessbeam.testing.TestPipelines;
import io.vitessbeam.testing.TestPipelines.EmbeddedRunner;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Tables and queries of a DuckDB file, value by value. */
class DuckDbReadTest {

  @TempDir private Path folder;

  private DuckDbRead of(String... statements) throws SQLException {
    Path file = folder.resolve("source.duckdb");
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:" + file);
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
    return DuckDbRead.from("duckdb:///" + file);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          BOOLEAN       | true                         | TINYINT(1,0)      | 1
          TINYINT       | -128                         | TINYINT           | -128
          SMALLINT      | 32767                        | SMALLINT          | 32767
          INTEGER       | -2147483648                  | INT               | -2147483648
          BIGINT        | 9223372036854775807          | BIGINT            | 9223372036854775807
          UTINYINT      | 255                          | TINYINT UNSIGNED  | 255
          USMALLINT     | 65535                        | SMALLINT UNSIGNED | 65535
          UINTEGER      | 4294967295                   | INT UNSIGNED      | 4294967295
          UBIGINT       | 18446744073709551615         | BIGINT UNSIGNED   | 18446744073709551615
          HUGEINT       | -170141183460469231731687303715884105728 | DECIMAL(39,0) | -170141183460469231731687303715884105728
          UHUGEINT      | 340282366920938463463374607431768211455 | DECIMAL(39,0) | 340282366920938463463374607431768211455
          BIGNUM        | '12345678901234567890123456789012345678901234567890' | DECIMAL(65,0) | 12345678901234567890123456789012345678901234567890
          DECIMAL(9,2)  | -1234567.8                   | DECIMAL(9,2)      | -1234567.80
          DECIMAL(38,0) | 12345678901234567890123456789012345678 | DECIMAL(38,0) | 12345678901234567890123456789012345678
          DECIMAL(38,37) | 1.5                         | DECIMAL(65,30)    | 1.500000000000000000000000000000
          DECIMAL(2,2)  | -0.5                         | DECIMAL(2,2)      | -0.50
          FLOAT         | 0.1                          | FLOAT             | 0.10000000149011612
          DOUBLE        | 1.7976931348623157e308       | DOUBLE            | 1.7976931348623157e+308
          DOUBLE        | 0.1                          | DOUBLE            | 0.1
          VARCHAR       | ' ä😀'' \\ '                  | LONGTEXT          | ~ ä😀' \\ ~
          VARCHAR       | ''                           | LONGTEXT          | ~~
          BLOB          | '\\x00\\xFF\\x5C'::BLOB         | LONGBLOB          | 00ff5c
          BLOB          | ''::BLOB                     | LONGBLOB          | ~~
          DATE          | '0001-01-01'                 | DATE              | 0001-01-01
          DATE          | '9999-12-31'                 | DATE              | 9999-12-31
          TIME          | '23:59:59.999999'            | TIME(0,6)         | 23:59:59.999999
          TIMETZ        | '10:00:00+02'                | VARCHAR(32,0)     | 10:00:00+02
          TIMESTAMP     | '2024-02-29 12:00:00.000001' | DATETIME(0,6)     | 2024-02-29 12:00:00.000001
          TIMESTAMP_S   | '2024-02-29 12:00:00'        | DATETIME          | 2024-02-29 12:00:00
          TIMESTAMP_MS  | '1969-12-31 23:59:59.999'    | DATETIME(0,3)     | 1969-12-31 23:59:59.999
          TIMESTAMP_NS  | '2024-02-29 12:00:00.123456' | DATETIME(0,6)     | 2024-02-29 12:00:00.123456
          TIMESTAMPTZ   | '2024-03-31 02:30:00.5+05:30' | TIMESTAMP(0,6)   | 2024-03-30 21:00:00.5
          INTERVAL      | '1 year 2 days 3 seconds'    | VARCHAR(80,0)     | 1 year 2 days 00:00:03
          UUID          | 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11' | CHAR(36,0) | a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11
          JSON          | '{"b": 1.10, "a": 1}'        | JSON              | {"b": 1.10, "a": 1}
          ENUM('x','y') | 'y'                          | LONGTEXT          | y
          BIT           | '10101'                      | LONGTEXT          | 10101
          INTEGER[]     | [1, NULL]                    | JSON              | [1,null]
          INTEGER[2]    | [1, 2]                       | JSON              | [1,2]
          STRUCT(a DECIMAL(38,20), b VARCHAR) | {a: 1.12345678901234567890, b: '"'} | JSON | {"a":1.12345678901234567890,"b":"\\""}
          MAP(VARCHAR, HUGEINT) | MAP {'k': 170141183460469231731687303715884105727} | JSON | {"k":170141183460469231731687303715884105727}
          UNION(n INTEGER, s VARCHAR) | 's'            | JSON              | {"s":"s"}
          """)
  void everyType(String definition, String value, String type, String expected)
      throws SQLException {
    DuckDbRead read =
        of("CREATE TABLE t (c " + definition + ")", "INSERT INTO t VALUES (" + value + "), (NULL)");

    assertThat(BlockRows.columns(read.withTable("t"))).containsExactly("c " + type);
    assertThat(BlockRows.of(read.withTable("t")))
        .containsExactly(List.of(expected), Arrays.asList((String) null));
    assertThat(BlockRows.columns(read.withQuery("SELECT c FROM t"))).containsExactly("c " + type);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          DOUBLE        | 'nan'                           | neither NaN nor infinite
          DOUBLE        | '-inf'                          | neither NaN nor infinite
          FLOAT         | 'inf'                           | neither NaN nor infinite
          DOUBLE[]      | ['nan']                         | neither NaN nor infinite
          DATE          | 'infinity'                      | dates of the years 0 to 9999
          DATE          | '10000-01-01'                   | dates of the years 0 to 9999
          DATE          | '0044-03-15 (BC)'               | dates of the years 0 to 9999
          TIMESTAMP     | '-infinity'                     | dates of the years 0 to 9999
          TIMESTAMP     | '0044-03-15 (BC) 10:00:00'      | dates of the years 0 to 9999
          TIMESTAMPTZ   | 'infinity'                      | dates of the years 0 to 9999
          TIMESTAMP_NS  | '2024-01-01 00:00:00.000000001' | no parts of a second below a microsecond
          DECIMAL(38,37) | 0.0000000000000000000000000000001 | it has more digits than DECIMAL(65, 30)
          """)
  void valuesThatMysqlCannotHold(String type, String value, String message) throws SQLException {
    DuckDbRead read = of("CREATE TABLE t (c " + type + ")", "INSERT INTO t VALUES (" + value + ")");

    assertThatThrownBy(() -> BlockRows.of(read.withTable("t")))
        .hasStackTraceContaining("DataException: Column c of main.t, value '")
        .hasStackTraceContaining(message);
  }

  @Test
  void namesKeysIntervalsAndLimits() throws SQLException {
    DuckDbRead read =
        of(
            "CREATE SCHEMA \"s.x\"",
            "CREATE TABLE \"s.x\".\"T \"\"1'\" (\"se lect\" INTEGER NOT NULL, day DATE,"
                + " \"É\" VARCHAR, PRIMARY KEY (\"É\", \"se lect\"))",
            "INSERT INTO \"s.x\".\"T \"\"1'\" SELECT i, DATE '2024-01-01' + i::INTEGER, 'v' || i"
                + " FROM range(10) t(i)",
            "CREATE VIEW v AS SELECT 1 AS one");
    DuckDbRead table = read.withTable("\"s.x\".\"T \"\"1'\"");

    assertThat(table.schema().primaryKey()).containsExactly("É", "se lect");
    assertThat(BlockRows.columns(table))
        .containsExactly("se lect INT NOT NULL", "day DATE", "É LONGTEXT NOT NULL");
    assertThat(
            BlockRows.of(
                table
                    .withoutColumns(List.of("É", "day"))
                    .withIncrementalKey("day", "2024-01-03 00:00:01", "2024-01-05")))
        .containsExactly(List.of("3"), List.of("4"));
    assertThat(BlockRows.of(table.withLimit(2))).hasSize(2);
    assertThat(BlockRows.of(table.withLimit(0))).isEmpty();
    assertThat(BlockRows.of(read.withTable("v"))).containsExactly(List.of("1"));
    assertThat(
            BlockRows.of(
                read.withQuery("FROM v WHERE :interval_start < DATE '2024-02-01' -- end")
                    .withIncrementalKey("", "2024-01-02", null)))
        .containsExactly(List.of("1"));
    assertThatThrownBy(() -> table.withIncrementalKey("day", "x", null).schema())
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("'x' is no value of the incremental key day");
  }

  @Test
  void boundsAreNotRounded() throws SQLException {
    DuckDbRead read =
        of(
            "CREATE TABLE t (i INTEGER, d DECIMAL(10,2), f FLOAT)",
            "INSERT INTO t VALUES (1, 1.00, 0.1), (2, 1.01, 0.2), (3, 1.02, 0.3)");
    DuckDbRead ids = read.withTable("t").withoutColumns(List.of("d", "f"));

    assertThat(BlockRows.of(ids.withIncrementalKey("d", "1.004", "1.019")))
        .containsExactly(List.of("2"));
    assertThat(BlockRows.of(ids.withIncrementalKey("i", "1.5", "2.5")))
        .containsExactly(List.of("2"));
    assertThat(BlockRows.of(ids.withIncrementalKey("f", "0.1", "0.3")))
        .containsExactly(List.of("1"), List.of("2"));
  }

  @ParameterizedTest
  @EnumSource
  void manyRowsInLittleMemory(EmbeddedRunner runner) throws SQLException {
    AtomicLong rows = new AtomicLong();
    AtomicLong bytes = new AtomicLong();
    DuckDbRead read = of("CREATE TABLE t (a INTEGER)");

    TestPipelines.forEach(
        runner,
        read.withQuery("SELECT i, repeat('x', 4000) AS pad FROM range(300000) t(i)").blocks(),
        block -> {
          rows.addAndGet(block.rows());
          bytes.addAndGet(block.length());
        });

    assertThat(rows).hasValue(300_000);
    // More than the heap that the tests have.
    assertThat(bytes.get()).isGreaterThan(1_200_000_000);
  }

  @Test
  void longValuesArriveWhole() throws SQLException {
    DuckDbRead read =
        of(
            "CREATE TABLE t AS SELECT i AS id, repeat('é', 1000000 * (1 + i % 3)::INTEGER) AS v,"
                + " CASE WHEN i % 2 = 0 THEN 'n' END AS n FROM range(6) t(i)");

    List<List<String>> rows = BlockRows.of(read.withTable("t"));

    assertThat(rows).hasSize(6);
    for (int i = 0; i < 6; i++) {
      assertThat(rows.get(i).get(1).equals("é".repeat(1_000_000 * (1 + i % 3)))).isTrue();
      assertThat(rows.get(i).get(2)).isEqualTo(i % 2 == 0 ? "n" : null);
    }
  }

  @Test
  void mistakes() throws SQLException {
    DuckDbRead read = of("CREATE TABLE t (a INTEGER)");
    assertThatThrownBy(() -> read.withTable("nope").schema())
        .isInstanceOf(ConfigurationException.class)
        .hasMessageStartingWith("Schema main of ")
        .hasMessageEndingWith("has no table nope; it has t");
    assertThatThrownBy(() -> read.withQuery("SELECT nope FROM t").schema())
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("nope");
    assertThatThrownBy(() -> read.withQuery("SELECT 1 AS a, 2 AS a").schema())
        .hasMessageContaining("two columns named a");
    assertThatThrownBy(() -> DuckDbRead.from("duckdb:////no/x.duckdb").withTable("t").schema())
        .isInstanceOf(ConfigurationException.class)
        .hasMessage("There is no DuckDB file /no/x.duckdb");
    assertThatThrownBy(
            () ->
                BlockRows.of(
                    read.withQuery(
                        "SELECT CAST(CASE WHEN i = 250000 THEN 'x' ELSE '1' END AS INTEGER) AS c"
                            + " FROM range(300000) t(i)")))
        .hasStackTraceContaining("Could not convert string 'x' to INT32");
  }

  @Test
  void aFileThatIsOpenToWriteIsNotRead() throws SQLException {
    DuckDbRead read = of("CREATE TABLE t (a INTEGER)").withTable("t");
    try (Connection writer =
        DriverManager.getConnection("jdbc:duckdb:" + folder.resolve("source.duckdb"))) {
      assertThat(writer.isClosed()).isFalse();
      assertThatThrownBy(read::schema)
          .isInstanceOf(ConfigurationException.class)
          .hasMessageContaining("is open in this process to write");
    }
  }
}
