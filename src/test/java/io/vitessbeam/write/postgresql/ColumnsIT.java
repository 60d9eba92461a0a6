package io.vitessbeam.write.postgresql;

import static io.vitessbeam.write.postgresql.TestSchema.column;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitessbeam.ConfigurationException;
import io.vitessbeam.DataException;
import io.vitessbeam.WriteStrategy;
import io.vitessbeam.block.Block;
import io.vitessbeam.block.BlockBuilder;
import io.vitessbeam.block.Origin;
import io.vitessbeam.schema.Column;
import io.vitessbeam.schema.ColumnType;
import io.vitessbeam.schema.MysqlType;
import io.vitessbeam.schema.TableSchema;
import io.vitessbeam.write.LoadSpec;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Names, types and values of columns, where there is something that could go wrong. */
class ColumnsIT {

  private static final Column ID = column("id", ColumnType.of(MysqlType.INT), false);

  private final TestSchema schema = new TestSchema();

  private LoadSpec spec(WriteStrategy strategy) {
    return schema.spec("t").withStrategy(strategy);
  }

  private static TableSchema table(Column... columns) {
    return new TableSchema("shop", "t", List.of(columns), List.of("id"));
  }

  private static TableSchema value(ColumnType type) {
    return table(ID, column("c", type, true));
  }

  @ParameterizedTest
  @CsvSource({
    "smallint, 5, boolean, smallint, 0",
    "boolean, true, boolean, boolean, false",
    "boolean, true, smallint, smallint, 0",
  })
  void booleansAreOneAndZeroInOtherColumns(
      String present, String old, String loaded, String type, String value) throws Exception {
    schema.execute(
        "CREATE SCHEMA $s",
        "CREATE TABLE $s.t (id integer PRIMARY KEY, c " + present + ")",
        "INSERT INTO $s.t VALUES (1, " + old + "), (2, " + old + ")");
    ColumnType wanted =
        loaded.equals("boolean") ? ColumnType.truth() : ColumnType.of(MysqlType.TINYINT);

    schema.load(spec(WriteStrategy.MERGE), value(wanted), "2 0", "3 -");

    assertThat(schema.columns("t")).containsExactly("id integer NOT NULL", "c " + type);
    String kept = present.equals(type) ? old : "1";
    assertThat(schema.query("SELECT id || ' ' || coalesce(c::text, '-') FROM $s.t ORDER BY id"))
        .containsExactly("1 " + kept, "2 " + value, "3 -");
  }

  @ParameterizedTest
  @CsvSource({
    "TINYINT, 127, INT, 70000, integer",
    "FLOAT, 1.5, DOUBLE, 0.1, double precision",
    "BIGINT, 9007199254740993, DOUBLE, 0.5, text",
    "DATE, 2024-01-01, DATETIME, 2024-01-02_03:04:05, timestamp(0) without time zone",
    "INT, 7, VARCHAR, seven, text",
    "VARCHAR, seven, INT, 7, text",
    "JSON, [1], TEXT, {, text",
    "TIME, 25:00:00, TEXT, y, text",
  })
  void typesAreWidenedToWhatHoldsBoth(
      MysqlType before, String first, MysqlType after, String second, String type)
      throws Exception {
    for (WriteStrategy strategy : List.of(WriteStrategy.MERGE, WriteStrategy.APPEND)) {
      schema.execute("DROP TABLE IF EXISTS $s.t");
      if (schema.exists()) {
        schema.execute("DELETE FROM $s._vitessbeam_published");
      }
      schema.load(spec(strategy), value(ColumnType.of(before)), "1 " + first);
      schema.load(spec(strategy), value(ColumnType.of(after)), "2 " + second);
      assertThat(schema.columns("t").get(1)).isEqualTo("c " + type);
      assertThat(schema.query("SELECT count(c) FROM $s.t")).containsExactly("2");
    }
  }

  @Test
  void bytesAreNoText() throws Exception {
    schema.load(spec(WriteStrategy.MERGE), value(ColumnType.of(MysqlType.BLOB)), "1 x");
    assertThatThrownBy(
            () ->
                TestSchema.stage(
                    schema.loader(spec(WriteStrategy.MERGE)), value(ColumnType.of(MysqlType.TEXT))))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining(
            "Column c of "
                + schema.name()
                + ".t is bytea and does not take values of type text unchanged");
    assertThat(schema.columns("t").get(1)).isEqualTo("c bytea");
    assertThat(schema.tables()).containsExactly("_vitessbeam_published", "t");
  }

  @Test
  void aColumnThatTheUserMadeJsonbStaysSo() throws Exception {
    TableSchema json = value(ColumnType.of(MysqlType.JSON));
    schema.execute("CREATE SCHEMA $s", "CREATE TABLE $s.t (id int PRIMARY KEY, c jsonb)");
    schema.load(spec(WriteStrategy.MERGE), json, "1 {\"b\":1,\"a\":2}", "2 [1]");
    schema.load(spec(WriteStrategy.MERGE), json, "1 {\"a\":2,\"b\":1}", "2 [2]");
    assertThat(schema.query("SELECT c FROM $s.t ORDER BY id"))
        .containsExactly("{\"a\": 2, \"b\": 1}", "[2]");
  }

  @Test
  void changesOfJsonAreSeen() throws Exception {
    TableSchema json = value(ColumnType.of(MysqlType.JSON));
    schema.load(spec(WriteStrategy.SCD2), json, "1 {\"a\":1}", "2 -", "3 [3]");
    schema.load(spec(WriteStrategy.SCD2), json, "1 {\"a\":2}", "2 -", "3 -");
    assertThat(
            schema.query(
                "SELECT id || coalesce(c::text, '-') || _scd_is_current::text FROM $s.t ORDER BY"
                    + " 1"))
        .containsExactly("1{\"a\":1}false", "1{\"a\":2}true", "2-true", "3-true", "3[3]false");
    assertThatThrownBy(
            () -> schema.load(spec(WriteStrategy.MERGE).withPrimaryKey(List.of("c")), json, "1 []"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("Column c of shop.t is JSON");
  }

  @Test
  void aFrozenSchemaFailsBeforeAnythingIsStaged() throws Exception {
    schema.load(spec(WriteStrategy.MERGE), value(ColumnType.of(MysqlType.INT)), "1 1");
    TableSchema wider = value(ColumnType.of(MysqlType.BIGINT));
    assertThatThrownBy(
            () ->
                TestSchema.stage(
                    schema.loader(spec(WriteStrategy.MERGE).withFrozenSchema()), wider))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("its schema is frozen")
        .hasMessageContaining("ALTER COLUMN \"c\" TYPE bigint");
    assertThat(schema.tables()).containsExactly("_vitessbeam_published", "t");
  }

  @Test
  void namesMayHoldAnything() throws Exception {
    String name = "a \"b\".c; -- é😀 SELECT {d 'x'} ? $1";
    TestSchema hostile = new TestSchema(schema.name() + name.substring(0, 20));
    Column key = column("select", ColumnType.of(MysqlType.INT), false);
    Column value = column(name, ColumnType.of(MysqlType.VARCHAR, 9), true);
    TableSchema columns = new TableSchema("shop", "t", List.of(key, value), List.of("select"));
    for (WriteStrategy strategy : WriteStrategy.values()) {
      LoadSpec spec =
          hostile
              .spec(name + strategy)
              .withStrategy(strategy)
              .withIncrementalKey(strategy == WriteStrategy.DELETE_INSERT ? name : "");
      hostile.load(spec, columns, "1 a", "2 b");
      hostile.load(spec.withRunId("2" + spec.runId()), columns, "2 b", "3 c");
      String quoted = PostgresqlSql.quoted(spec.table().table());
      String rows =
          "SELECT string_agg(%s, '' ORDER BY \"select\") FROM $s.%s"
              .formatted(PostgresqlSql.quoted(name), quoted);
      assertThat(hostile.query(rows))
          .containsExactly(
              switch (strategy) {
                case REPLACE -> "bc";
                case APPEND -> "abbc";
                case MERGE, SCD2, DELETE_INSERT -> "abc";
              });
    }
  }

  @Test
  void namesThatWouldBeCutAreRefused() {
    String longest = "é".repeat(31) + "x";
    Column column = column(longest + "y", ColumnType.of(MysqlType.INT), true);
    assertThatThrownBy(() -> schema.load(spec(WriteStrategy.REPLACE), table(ID, column), "1 2"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("at most 63 bytes")
        .hasMessageContaining(longest + "y");
    schema.load(
        schema.spec(longest).withStrategy(WriteStrategy.REPLACE),
        table(ID, column(longest, ColumnType.of(MysqlType.INT), true)),
        "1 2");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          SMALLINT | 0 | 0 | 40000 | it is not between -32768 and 32767
          INT | 0 | 0 | 1.5 | it can't be read
          DECIMAL | 5 | 2 | 1.234 | it has more than 2 decimal places
          DECIMAL | 5 | 2 | 1234.5 | numeric field overflow
          DATETIME | 0 | 3 | 2024-01-01_00:00:00.1234 | it has more than 3 digits of a second's fraction
          DATE | 0 | 0 | 2024-02-30 | it is in no calendar; choose --zero-dates
          VARCHAR | 3 | 0 | éé__ | it is longer than 3 characters
          JSON | 0 | 0 | {a} | invalid input syntax for type json
          FLOAT | 0 | 0 | 1e999x | it can't be read
          BIT | 8 | 0 | 123456789 | it can't be read
          """)
  void aValueThatDoesNotFitIsNamedWithItsRow(
      MysqlType type, long length, int scale, String value, String message) throws Exception {
    TableSchema columns = value(new ColumnType(type, false, length, scale, List.of(), false));
    assertThatThrownBy(
            () -> schema.load(spec(WriteStrategy.REPLACE), columns, "1 -", "42 " + value))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("Column c of shop.t, row (id='42'), value ")
        .hasMessageContaining(message);
    assertThat(schema.tables()).doesNotContain("t");
  }

  @Test
  void nullWhereThereIsNoneIsNamed() {
    Column required = column("c", ColumnType.of(MysqlType.INT), false);
    assertThatThrownBy(
            () -> schema.load(spec(WriteStrategy.REPLACE), table(ID, required), "1 1", "7 -"))
        .isInstanceOf(DataException.class)
        .hasMessageContaining(
            "Column c of shop.t, row (id='7'), value NULL: the column is NOT NULL");
  }

  @Test
  void textThatIsNotUtf8IsNamed() {
    TableSchema columns = value(ColumnType.of(MysqlType.TEXT));
    BlockBuilder builder = new BlockBuilder(columns, 64);
    builder.startRow();
    builder.addValue(new byte[] {'5'}, 0, 1);
    builder.addValue(new byte[] {'a', (byte) 0xc3}, 0, 2);
    Block block = builder.build(new Origin(5, 0, 1, 0, -1, "0"));
    assertThatThrownBy(() -> schema.loader(spec(WriteStrategy.REPLACE)).stage(block))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("Column c of shop.t, row (id='5')")
        .hasMessageContaining("it is not valid UTF-8");
  }

  @Test
  void decimalsOfAnySizeArriveExactly() throws Exception {
    Random random = new Random(7);
    List<String> rows = new ArrayList<>();
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 2000; i++) {
      int digits = 1 + random.nextInt(65);
      int scale = random.nextInt(31);
      BigInteger unscaled =
          new BigInteger(random.nextInt(1, 117), random).mod(pow(Math.min(digits, 35 + scale)));
      BigDecimal value = new BigDecimal(random.nextBoolean() ? unscaled : unscaled.negate(), scale);
      String text = value.toPlainString();
      rows.add(i + " " + (i % 3 == 0 ? text.replaceFirst("^(-?)0\\.", "$1.") : text));
      expected.add(value.setScale(30).toPlainString());
    }
    schema.load(
        spec(WriteStrategy.REPLACE),
        value(ColumnType.decimal(65, 30)),
        rows.toArray(String[]::new));
    assertThat(schema.query("SELECT c FROM $s.t ORDER BY id")).isEqualTo(expected);
  }

  private static BigInteger pow(int digits) {
    return BigInteger.TEN.pow(digits);
  }
}
