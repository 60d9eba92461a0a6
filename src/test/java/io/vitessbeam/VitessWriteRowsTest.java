package io.vitessbeam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitessbeam.schema.JsonText;
import io.vitessbeam.schema.MysqlTime;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.schemas.Schema.FieldType;
import org.apache.beam.sdk.schemas.logicaltypes.FixedPrecisionNumeric;
import org.apache.beam.sdk.schemas.logicaltypes.SqlTypes;
import org.apache.beam.sdk.schemas.logicaltypes.UuidLogicalType;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.windowing.AfterPane;
import org.apache.beam.sdk.transforms.windowing.FixedWindows;
import org.apache.beam.sdk.transforms.windowing.Repeatedly;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.apache.beam.sdk.values.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows of any pipeline are written to a table. */
class VitessWriteRowsTest {

  private static final Schema ITEMS =
      Schema.builder().addInt64Field("id").addNullableStringField("name").build();

  @TempDir private Path directory;

  private VitessWrite write() {
    return VitessWrite.to(DuckDbUri.parse("duckdb:///" + directory.resolve("x.duckdb")))
        .withTable("items")
        .withStrategy(WriteStrategy.REPLACE);
  }

  private void run(String runner, VitessWrite write, Schema schema, List<Row> rows) {
    Pipeline pipeline =
        Pipeline.create(
            PipelineOptionsFactory.fromArgs("--runner=" + runner, "--tempLocation=/tmp").create());
    pipeline.apply(Create.of(rows).withRowSchema(schema)).apply(write.rows());
    pipeline.run().waitUntilFinish();
  }

  private List<String> query(String sql) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection("jdbc:duckdb:" + directory.resolve("x.duckdb"));
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      List<String> values = new ArrayList<>();
      while (rows.next()) {
        values.add(rows.getString(1));
      }
      return values;
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"DirectRunner", "FlinkRunner"})
  void rowsOfAPipeline(String runner) throws SQLException {
    List<Row> rows =
        IntStream.range(0, 20_000)
            .mapToObj(
                i ->
                    Row.withSchema(ITEMS)
                        .addValues((long) i, i % 3 == 0 ? null : "é😀 " + i)
                        .build())
            .toList();
    run(runner, write(), ITEMS, rows);
    assertThat(query("SELECT count(*) || ' ' || count(name) || ' ' || sum(id) FROM items"))
        .containsExactly("20000 13333 199990000");

    run(
        runner,
        write().withStrategy(WriteStrategy.MERGE).withPrimaryKey(List.of("id")),
        ITEMS,
        List.of(
            Row.withSchema(ITEMS).addValues(1L, "new").build(),
            Row.withSchema(ITEMS).addValues(20_000L, null).build()));
    assertThat(query("SELECT name FROM items WHERE id = 1")).containsExactly("new");
    assertThat(query("SELECT count(*) FROM items")).containsExactly("20001");
  }

  /** A trigger that fires at every row would close a range again and again. */
  @Test
  void rowsMayComeInWindowsWithTriggers() throws SQLException {
    Pipeline pipeline = Pipeline.create();
    pipeline
        .apply(
            Create.of(
                    IntStream.range(0, 100)
                        .mapToObj(i -> Row.withSchema(ITEMS).addValues((long) i, "x").build())
                        .toList())
                .withRowSchema(ITEMS))
        .apply(
            Window.<Row>into(FixedWindows.of(org.joda.time.Duration.standardMinutes(1)))
                .triggering(Repeatedly.forever(AfterPane.elementCountAtLeast(1)))
                .withAllowedLateness(org.joda.time.Duration.ZERO)
                .discardingFiredPanes())
        .apply(write().rows());
    pipeline.run().waitUntilFinish();
    assertThat(query("SELECT count(*) || ' ' || sum(id) FROM items")).containsExactly("100 4950");
  }

  @Test
  void noRowsMakeAnEmptyTable() throws SQLException {
    run("DirectRunner", write(), ITEMS, List.of());
    assertThat(query("SELECT count(*) FROM items")).containsExactly("0");
  }

  @Test
  void everyTypeOfField() throws SQLException {
    Schema schema =
        Schema.builder()
            .addByteField("byte")
            .addInt16Field("short")
            .addInt32Field("int")
            .addInt64Field("long")
            .addFloatField("float")
            .addDoubleField("double")
            .addBooleanField("flag")
            .addDecimalField("number")
            .addLogicalTypeField("money", FixedPrecisionNumeric.of(12, 2))
            .addStringField("text")
            .addByteArrayField("bytes")
            .addDateTimeField("joda")
            .addLogicalTypeField("day", SqlTypes.DATE)
            .addLogicalTypeField("clock", SqlTypes.TIME)
            .addLogicalTypeField("local", SqlTypes.DATETIME)
            .addLogicalTypeField("instant", SqlTypes.TIMESTAMP)
            .addLogicalTypeField("elapsed", MysqlTime.INSTANCE)
            .addLogicalTypeField("json", JsonText.INSTANCE)
            .addLogicalTypeField("uuid", new UuidLogicalType())
            .build();
    Row row =
        Row.withSchema(schema)
            .addValues(
                (byte) -128,
                Short.MIN_VALUE,
                Integer.MIN_VALUE,
                Long.MIN_VALUE,
                1.5e-30f,
                -1.7976931348623157e308,
                true,
                new BigDecimal("12345678901234567890.5"),
                new BigDecimal("-0.10"),
                "it's \\ \0 é😀",
                new byte[] {0, -1, 39},
                org.joda.time.Instant.ofEpochMilli(-1),
                LocalDate.of(9999, 12, 31),
                LocalTime.of(23, 59, 59, 999_999_000),
                LocalDateTime.of(1, 1, 1, 0, 0, 0, 1000),
                Instant.parse("2038-01-19T03:14:07.999999Z"),
                Duration.ofHours(-838).minusMillis(5),
                "{\"a\": [1.0]}",
                UUID.fromString("00000000-0000-0000-0000-00000000000a"))
            .build();
    run("DirectRunner", write(), schema, List.of(row));

    assertThat(
            query(
                "SELECT concat_ws('|', *COLUMNS(* EXCLUDE (bytes, text, elapsed, joda, instant)), epoch_us(joda), epoch_us(instant)) FROM items"))
        .containsExactly(
            "-128|-32768|-2147483648|-9223372036854775808|1.5e-30|-1.7976931348623157e+308|1|"
                + "12345678901234567890.5|-0.10|9999-12-31|23:59:59.999999|"
                + "0001-01-01 00:00:00.000001|{\"a\": [1.0]}|"
                + "00000000-0000-0000-0000-00000000000a|-1000|2147483647999999");
    assertThat(query("SELECT hex(bytes) FROM items")).containsExactly("00FF27");
    assertThat(query("SELECT text = 'it''s \\ ' || chr(0) || ' é😀' FROM items"))
        .containsExactly("true");
    assertThat(query("SELECT elapsed = -INTERVAL '838 hours 0.005 seconds' FROM items"))
        .containsExactly("true");
  }

  @Test
  void aValueThatFitsNowhereIsNamed() {
    Schema schema = Schema.builder().addDecimalField("number").build();
    Row row = Row.withSchema(schema).addValue(new BigDecimal("1e40")).build();
    assertThatThrownBy(() -> run("DirectRunner", write(), schema, List.of(row)))
        .hasStackTraceContaining(
            "Column number of items: '1E+40' does not fit into DECIMAL(65,30)");
  }

  @Test
  void aFieldWithoutAColumnIsNamed() {
    Schema schema = Schema.builder().addField("list", FieldType.array(FieldType.STRING)).build();
    assertThatThrownBy(() -> run("DirectRunner", write(), schema, List.of()))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("Field list has the type ARRAY");
    VitessWrite keyed = write().withPrimaryKey(List.of("nope"));
    assertThatThrownBy(() -> run("DirectRunner", keyed, ITEMS, List.of()))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("no field nope");
  }
}
