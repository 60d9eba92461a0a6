package io.vitessbeam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitessbeam.testing.BlockRows;
import io.vitessbeam.testing.EveryType;
import io.vitessbeam.testing.TestPipelines;
import io.vitessbeam.testing.TestPipelines.EmbeddedRunner;
import io.vitessbeam.testing.TestPostgresql;
import java.io.IOException;
import java.net.ServerSocket;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Tables and queries of a real PostgreSQL, value by value. */
class PostgresqlReadIT {

  private static final TestPostgresql SERVER = TestPostgresql.shared();

  private static PostgresqlRead table(String table) {
    return PostgresqlRead.from(SERVER.uri()).withTable(table);
  }

  private static PostgresqlRead query(String query) {
    return PostgresqlRead.from(SERVER.uri()).withQuery(query);
  }

  /** Of one column: its type, a value, what MySQL calls the type, and how it prints the value. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      nullValues = "NULL",
      textBlock =
          """
          boolean            | true                        | TINYINT(1,0)       | 1
          boolean            | false                       | TINYINT(1,0)       | 0
          smallint           | -32768                      | SMALLINT           | -32768
          integer            | 2147483647                  | INT                | 2147483647
          bigint             | -9223372036854775808        | BIGINT             | -9223372036854775808
          oid                | 4294967295                  | INT UNSIGNED       | 4294967295
          numeric(10,2)      | -12345678.90                | DECIMAL(10,2)      | -12345678.90
          numeric(65,30)     | 12345678901234567890123456789012345.012345678901234567890123456789 | DECIMAL(65,30) | 12345678901234567890123456789012345.012345678901234567890123456789
          numeric(5,-2)      | 1234567                     | DECIMAL(7,0)       | 1234600
          numeric(2,5)       | 0.00012                     | DECIMAL(5,5)       | 0.00012
          numeric(80,40)     | 1.5                         | DECIMAL(65,30)     | 1.500000000000000000000000000000
          numeric            | -0.5                        | DECIMAL(65,30)     | -0.5
          numeric            | 100                         | DECIMAL(65,30)     | 100
          real               | 0.1                         | FLOAT              | 0.10000000149011612
          real               | 3.4028235e38                | FLOAT              | 3.4028234663852886e+38
          double precision   | 0.1                         | DOUBLE             | 0.1
          double precision   | 1.7976931348623157e308      | DOUBLE             | 1.7976931348623157e+308
          double precision   | 5e-324                      | DOUBLE             | 5e-324
          money              | 12.5                        | DECIMAL(22,3)      | 12.50
          text               | '  ä😀'' \\ '                 | LONGTEXT           | ~  ä😀' \\ ~
          text               | ''                          | LONGTEXT           | ~~
          varchar(20)        | 'x '                        | VARCHAR(20,0)      | ~x ~
          varchar            | 'x'                         | LONGTEXT           | x
          varchar(20000)     | 'x'                         | LONGTEXT           | x
          char(5)            | 'x'                         | CHAR(5,0)          | x
          char(300)          | 'x'                         | VARCHAR(300,0)     | x
          bytea              | '\\x00ff5c0a09'              | LONGBLOB           | 00ff5c0a09
          bytea              | ''                          | LONGBLOB           | ~~
          date               | '0001-01-01'                | DATE               | 0001-01-01
          date               | '9999-12-31'                | DATE               | 9999-12-31
          time               | '23:59:59.999999'           | TIME(0,6)          | 23:59:59.999999
          time(0)            | '24:00:00'                  | TIME               | 24:00:00
          timetz             | '10:00+02'                  | VARCHAR(24,0)      | 10:00:00+02
          timestamp          | '2024-02-29 12:00:00.5'     | DATETIME(0,6)      | 2024-02-29 12:00:00.5
          timestamp(3)       | '1969-12-31 23:59:59.9996'  | DATETIME(0,3)      | 1970-01-01 00:00:00
          timestamptz        | '2024-03-31 02:30:00.000001+05:30' | TIMESTAMP(0,6) | 2024-03-30 21:00:00.000001
          interval           | '-1 year 2 days 03:04:05.6' | VARCHAR(80,0)      | P-1Y2DT3H4M5.6S
          uuid               | 'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11' | CHAR(36,0) | a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11
          json               | '{"b": 1.10, "a": "\\n"}'    | JSON               | {"b": 1.10, "a": "\\n"}
          jsonb              | '[12345678901234567890.123]' | JSON              | [12345678901234567890.123]
          integer[]          | '{1,NULL,3}'                | JSON               | [1,null,3]
          text[][]           | '{{a,"b\\"c"},{d,NULL}}'     | JSON               | [["a","b\\"c"],["d",null]]
          timestamptz[]      | '{2024-01-01 00:00+00}'     | JSON               | ["2024-01-01T00:00:00+00:00"]
          int4range          | '[1,5)'                     | LONGTEXT           | [1,5)
          bit(4)             | '1010'                      | VARCHAR(4,0)       | 1010
          bit varying        | '101'                       | LONGTEXT           | 101
          inet               | '10.0.0.1'                  | VARCHAR(49,0)      | 10.0.0.1
          macaddr            | '08:00:2b:01:02:03'         | VARCHAR(23,0)      | 08:00:2b:01:02:03
          "char"             | 'x'                         | VARCHAR(4,0)       | x
          name               | 'pg'                        | VARCHAR(63,0)      | pg
          xml                | '<a>b</a>'                  | LONGTEXT           | <a>b</a>
          point              | '(1,2.5)'                   | LONGTEXT           | (1,2.5)
          tsvector           | 'a b'                       | LONGTEXT           | 'a' 'b'
          """)
  void everyType(String definition, String value, String type, String expected)
      throws SQLException {
    String name = SERVER.newTable("types");
    SERVER.execute(
        "CREATE TABLE " + name + " (c " + definition + ")",
        "INSERT INTO " + name + " VALUES (" + value + "), (NULL)");

    assertThat(BlockRows.columns(table(name))).containsExactly("c " + type);
    assertThat(BlockRows.of(table(name)))
        .containsExactly(List.of(expected), Arrays.asList((String) null));
    // A query knows the same of its columns.
    assertThat(BlockRows.columns(query("SELECT c FROM " + name))).containsExactly("c " + type);
  }

  @Test
  void typesOfTheUsersOwn() throws SQLException {
    SERVER.execute(
        "CREATE SCHEMA odd",
        "CREATE TYPE odd.mood AS ENUM ('sad', 'it''s ok')",
        "CREATE DOMAIN odd.cents AS numeric(9,2) NOT NULL",
        "CREATE TYPE odd.pair AS (a int, b text)",
        "CREATE TABLE odd.own (m odd.mood, d odd.cents, p odd.pair, ms odd.mood[])",
        "INSERT INTO odd.own VALUES ('it''s ok', 1.5, (1, 'x\"'), '{sad}')");

    assertThat(BlockRows.columns(table("odd.own")))
        .containsExactly("m VARCHAR(63,0)", "d DECIMAL(9,2)", "p JSON", "ms JSON");
    assertThat(BlockRows.of(table("odd.own")))
        .containsExactly(List.of("it's ok", "1.50", "{\"a\":1,\"b\":\"x\\\"\"}", "[\"sad\"]"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          numeric          | 'NaN'               | DECIMAL is neither NaN nor infinite
          numeric(5,2)     | 'NaN'               | DECIMAL is neither NaN nor infinite
          numeric          | '-Infinity'         | DECIMAL is neither NaN nor infinite
          numeric          | 1e35                | it has more digits than DECIMAL(65, 30)
          numeric          | 1e-31               | it has more digits than DECIMAL(65, 30)
          real             | 'NaN'               | neither NaN nor infinite
          double precision | 'Infinity'          | neither NaN nor infinite
          double precision | '-Infinity'         | neither NaN nor infinite
          date             | 'infinity'          | dates of the years 0 to 9999
          date             | '0044-03-15 BC'     | dates of the years 0 to 9999
          date             | '10000-01-01'       | dates of the years 0 to 9999
          timestamp        | '-infinity'         | dates of the years 0 to 9999
          timestamp        | '0044-03-15 10:00 BC' | dates of the years 0 to 9999
          timestamptz      | 'infinity'          | dates of the years 0 to 9999
          timestamptz      | '0044-03-15 BC'     | dates of the years 0 to 9999
          timestamptz      | '12345-01-01'       | dates of the years 0 to 9999
          """)
  void valuesThatMysqlCannotHold(String type, String value, String message) {
    assertThatThrownBy(() -> BlockRows.of(query("SELECT 1 AS a, " + value + "::" + type + " AS c")))
        .hasStackTraceContaining("DataException: Column c of shop.query, value '")
        .hasStackTraceContaining(message);
  }

  @Test
  void hostileTextAndNames() throws SQLException {
    String text = EveryType.HOSTILE.replace("\0", "") + "\u0001\u000b\b\f\u007f";
    SERVER.execute(
        "CREATE TABLE \"Odd \"\"n.ame'\" (\"se\"\"lect\" text, \"{a}?\" int, \"É\" text)");
    try (Connection connection = SERVER.connect();
        PreparedStatement insert =
            connection.prepareStatement("INSERT INTO \"Odd \"\"n.ame'\" VALUES (?, 1, '\\N')")) {
      insert.setString(1, text);
      insert.executeUpdate();
    }

    PostgresqlRead read = table("\"Odd \"\"n.ame'\"");

    assertThat(BlockRows.of(read)).containsExactly(List.of(text, "1", "\\N"));
    assertThat(BlockRows.of(read.withoutColumns(List.of("se\"lect", "É"))))
        .containsExactly(List.of("1"));
    assertThat(BlockRows.of(query("SELECT '{\"a\":\"?\"}'::jsonb ? 'a' AS \"x?\" -- end")))
        .containsExactly(List.of("1"));
  }

  @Test
  void keysAndNullability() throws SQLException {
    String name = SERVER.newTable("keys");
    SERVER.execute(
        "CREATE TABLE "
            + name
            + " (a serial, gone int, b text NOT NULL, c int, PRIMARY KEY (b, a))",
        "ALTER TABLE " + name + " DROP COLUMN gone");

    assertThat(table(name).schema().primaryKey()).containsExactly("b", "a");
    assertThat(BlockRows.columns(table(name)))
        .containsExactly("a INT NOT NULL", "b LONGTEXT NOT NULL", "c INT");
    assertThat(table(name).withoutColumns(List.of("a")).schema().primaryKey()).isEmpty();
    assertThat(BlockRows.of(table(name))).isEmpty();
  }

  @Test
  void viewsPartitionsAndMaterializedViews() throws SQLException {
    SERVER.execute(
        "CREATE TABLE parts (id int, v text) PARTITION BY RANGE (id)",
        "CREATE TABLE parts_low PARTITION OF parts FOR VALUES FROM (0) TO (10)",
        "CREATE TABLE parts_high PARTITION OF parts FOR VALUES FROM (10) TO (20)",
        "INSERT INTO parts VALUES (1, 'a'), (11, 'b')",
        "CREATE VIEW parts_view AS SELECT id * 2 AS twice FROM parts",
        "CREATE MATERIALIZED VIEW parts_stored AS SELECT * FROM parts");

    assertThat(BlockRows.of(table("parts"))).hasSize(2);
    assertThat(BlockRows.of(table("public.parts_view")))
        .containsExactly(List.of("2"), List.of("22"));
    assertThat(BlockRows.of(table("parts_stored"))).hasSize(2);
  }

  @Test
  void intervalsAndLimits() throws SQLException {
    String name = SERVER.newTable("intervals");
    SERVER.execute(
        "CREATE TABLE " + name + " (id int, at timestamptz, day date)",
        "INSERT INTO "
            + name
            + " SELECT i, '2024-01-01Z'::timestamptz + i * interval '1 day',"
            + " '2024-01-01'::date + i FROM generate_series(0, 9) i");

    assertThat(
            BlockRows.of(
                table(name)
                    .withIncrementalKey("at", "2024-01-03 00:00:00", "2024-01-05")
                    .withoutColumns(List.of("at", "day"))))
        .containsExactly(List.of("2"), List.of("3"), List.of("4"));
    assertThat(BlockRows.of(table(name).withIncrementalKey("id", "8", null))).hasSize(2);
    assertThat(BlockRows.of(table(name).withIncrementalKey("id", "7.5", "8.5"))).hasSize(1);
    assertThat(BlockRows.of(table(name).withLimit(3))).hasSize(3);
    assertThat(BlockRows.of(table(name).withLimit(0))).isEmpty();
    assertThat(
            BlockRows.of(
                query("SELECT id FROM " + name + " WHERE at < :interval_start;")
                    .withIncrementalKey("", "2024-01-02", null)))
        .containsExactly(List.of("0"));
    assertThatThrownBy(() -> table(name).withIncrementalKey("id", "x", null).schema())
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("'x' is no value of the incremental key id");
    assertThatThrownBy(() -> table(name).withIncrementalKey("nope", "1", null).schema())
        .hasMessage(
            "public." + name + " has no column nope to use as incremental key; it has id, at, day");
  }

  @Tag("volume")
  @ParameterizedTest
  @EnumSource
  void manyRowsInLittleMemory(EmbeddedRunner runner) {
    AtomicLong rows = new AtomicLong();
    AtomicLong bytes = new AtomicLong();

    TestPipelines.forEach(
        runner,
        query("SELECT i, repeat('x', 4000) AS pad FROM generate_series(1, 300000) i").blocks(),
        block -> {
          rows.addAndGet(block.rows());
          bytes.addAndGet(block.length());
        });

    assertThat(rows).hasValue(300_000);
    // More than the heap that the tests have.
    assertThat(bytes.get()).isGreaterThan(1_200_000_000);
  }

  @Test
  void mistakes() throws IOException {
    assertThatThrownBy(() -> PostgresqlRead.from(SERVER.uri("wrong")).withTable("t").schema())
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("refuses user 'beam': wrong user name or password");
    assertThatThrownBy(
            () -> PostgresqlRead.from(SERVER.uri().replace("/shop", "/no")).withTable("t").schema())
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("Database no doesn't exist");
    assertThatThrownBy(() -> table("nope").schema())
        .isInstanceOf(ConfigurationException.class)
        .hasMessageStartingWith("Schema public has no table nope; it has ");
    assertThatThrownBy(() -> query("SELECT nope").schema())
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("column \"nope\" does not exist");
    assertThatThrownBy(() -> query("SELECT 1 AS a, 2 AS a").schema())
        .hasMessageContaining("two columns named a");
    assertThatThrownBy(() -> query("DELETE FROM t").schema())
        .hasMessage("A query has to begin with SELECT or WITH");
    assertThatThrownBy(
            () -> PostgresqlRead.from(SERVER.uri() + "?sslmode=require").withTable("t").schema())
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("TLS with")
        .hasMessageContaining("sslmode=require");
    int port;
    try (ServerSocket socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    assertThatThrownBy(
            () ->
                PostgresqlRead.from("postgresql://u:p@127.0.0.1:" + port + "/d")
                    .withTable("t")
                    .schema())
        .isInstanceOf(TransientException.class)
        .hasMessageContaining("Can't connect to 127.0.0.1:" + port);
  }

  @Test
  void errorsInTheMiddleOfTheRows() {
    assertThatThrownBy(
            () ->
                BlockRows.of(
                    query("SELECT 1 / (290000 - i) AS a FROM generate_series(1, 300000) i")))
        .hasStackTraceContaining("DataException: Reading shop.query failed")
        .hasStackTraceContaining("division by zero");
  }
}
