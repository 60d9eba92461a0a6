package io.vitessbeam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitessbeam.block.Block;
import io.vitessbeam.block.BlockCoder;
import io.vitessbeam.schema.Column;
import io.vitessbeam.schema.ColumnType;
import io.vitessbeam.schema.MysqlType;
import io.vitessbeam.write.duckdb.Rows;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.schemas.logicaltypes.FixedPrecisionNumeric;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.Wait;
import org.apache.beam.sdk.transforms.errorhandling.BadRecord;
import org.apache.beam.sdk.transforms.errorhandling.ErrorHandler.BadRecordErrorHandler;
import org.apache.beam.sdk.transforms.errorhandling.ErrorHandler.DefaultErrorHandler;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.Row;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows that do not fit go to a handler, the others to the table. */
class VitessWriteErrorHandlerTest {

  @TempDir private Path directory;

  private VitessWrite write() {
    return VitessWrite.to(DuckDbUri.parse("duckdb:///" + directory.resolve("x.duckdb")))
        .withTable("items")
        .withStrategy(WriteStrategy.REPLACE);
  }

  private static Pipeline pipeline(String runner) {
    return Pipeline.create(
        PipelineOptionsFactory.fromArgs("--runner=" + runner, "--tempLocation=/tmp").create());
  }

  /** The handler's output: why each row failed, and the row. */
  private static final class Texts extends PTransform<PCollection<BadRecord>, PCollection<String>> {
    private static final long serialVersionUID = 1L;

    @Override
    public PCollection<String> expand(PCollection<BadRecord> records) {
      return records.apply(
          MapElements.into(TypeDescriptors.strings())
              .via(
                  record ->
                      record.getFailure().getDescription()
                          + " "
                          + record
                              .getRecord()
                              .getHumanReadableJsonRecord()
                              // Printed over several lines.
                              .replaceAll("\\s*\\n\\s*", "")
                              .replace("\" : ", "\":")));
    }
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

  private static List<Block> column(ColumnType type, boolean nullable, String... values) {
    return Rows.ofColumn(
        new Column("v", type, nullable),
        Arrays.stream(values)
            .map(value -> value == null ? null : value.getBytes(StandardCharsets.ISO_8859_1))
            .toList());
  }

  @ParameterizedTest
  @ValueSource(strings = {"DirectRunner", "FlinkRunner"})
  void blocksLoseTheRowsThatDoNotFit(String runner) throws Exception {
    Pipeline pipeline = pipeline(runner);
    BadRecordErrorHandler<PCollection<String>> handler =
        pipeline.registerBadRecordErrorHandler(new Texts());
    PCollection<LoadedTable> loaded;
    try (handler) {
      loaded =
          pipeline
              .apply(
                  Create.of(column(ColumnType.of(MysqlType.TINYINT), false, "1", "300", null, "x"))
                      .withCoder(BlockCoder.of()))
              .apply(write().withErrorHandler(handler))
              .loaded();
    }
    PAssert.that(loaded).containsInAnyOrder(new LoadedTable("items", 1, 1, 0, 0, 3));
    PAssert.that(handler.getOutput())
        .containsInAnyOrder(
            json("300", "'300' is not between -128 and 127"),
            "Column v of shop.t, row v=NULL: NULL is in a column that is a key, or NOT NULL"
                + " {\"table\":\"shop.t\",\"key\":\"v=NULL\",\"column\":\"v\",\"reason\":\"NULL is in"
                + " a column that is a key, or NOT NULL\",\"values\":{\"v\":null}}",
            json("x", "'x' is no number"));
    PCollection<String> after =
        pipeline.apply("later", Create.of("published")).apply(Wait.on(loaded));
    PAssert.that(after).containsInAnyOrder("published");
    pipeline.run().waitUntilFinish();

    assertThat(query("FROM items")).containsExactly("1");
  }

  private static String json(String value, String reason) {
    return "Column v of shop.t, row v=%s: %s {\"table\":\"shop.t\",\"key\":\"v=%s\",\"column\":\"v\",\"reason\":\"%s\",\"values\":{\"v\":\"%s\"}}"
        .formatted(value, reason, value, reason, value);
  }

  @Test
  void textThatIsNotUnicodeFails() throws Exception {
    Pipeline pipeline = pipeline("DirectRunner");
    BadRecordErrorHandler<PCollection<String>> handler =
        pipeline.registerBadRecordErrorHandler(new Texts());
    try (handler) {
      pipeline
          .apply(
              Create.of(column(ColumnType.of(MysqlType.TEXT), true, "a", "\u00e9", null))
                  .withCoder(BlockCoder.of()))
          .apply(write().withErrorHandler(handler));
    }
    PAssert.thatSingleton(handler.getOutput())
        .satisfies(
            text -> {
              assertThat(text).contains("is no text in UTF-8", "\"values\":{\"v\":\"0xe9\"}");
              return null;
            });
    pipeline.run().waitUntilFinish();

    assertThat(query("SELECT coalesce(v, 'NULL') FROM items ORDER BY 1"))
        .containsExactly("NULL", "a");
  }

  @Test
  void rowsOfAPipelineThatHaveNoColumnToFitIn() throws Exception {
    Schema schema =
        Schema.builder()
            .addInt64Field("id")
            .addLogicalTypeField("price", FixedPrecisionNumeric.of(10, 2))
            .addNullableStringField("part")
            .build();
    List<Row> rows =
        List.of(
            Row.withSchema(schema).addValues(1L, new BigDecimal("1.50"), "a").build(),
            Row.withSchema(schema).addValues(2L, new BigDecimal("1.505"), "b").build(),
            Row.withSchema(schema).addValues(3L, new BigDecimal("2"), null).build());
    Pipeline pipeline = pipeline("DirectRunner");
    BadRecordErrorHandler<PCollection<String>> handler =
        pipeline.registerBadRecordErrorHandler(new Texts());
    PCollection<LoadedTable> loaded;
    try (handler) {
      loaded =
          pipeline
              .apply(Create.of(rows).withRowSchema(schema))
              .apply(
                  write()
                      .withStrategy(WriteStrategy.MERGE)
                      .withPrimaryKey(List.of("id", "part"))
                      .withErrorHandler(handler)
                      .rows())
              .loaded();
    }
    PAssert.that(loaded).containsInAnyOrder(new LoadedTable("items", 1, 8, 0, 0, 2));
    PAssert.that(handler.getOutput())
        .satisfies(
            texts -> {
              assertThat(texts)
                  .anyMatch(text -> text.contains("row id=2 part=b: '1.505' does not fit"))
                  .anyMatch(text -> text.contains("NULL is in a column that is a key"))
                  .hasSize(2);
              return null;
            });
    pipeline.run().waitUntilFinish();

    assertThat(query("SELECT id || part || price FROM items")).containsExactly("1a1.50");
  }

  @Test
  void aStrategyThatDeletesWhatIsAbsentTakesNone() {
    Pipeline pipeline = pipeline("DirectRunner");
    VitessWrite write =
        write().withStrategy(WriteStrategy.SCD2).withErrorHandler(new DefaultErrorHandler<>());
    assertThatThrownBy(() -> pipeline.apply(Create.empty(BlockCoder.of())).apply(write))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("an error handler leaves rows out");
  }
}
