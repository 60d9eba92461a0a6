package io.vitessbeam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitessbeam.block.Block;
import io.vitessbeam.block.BlockCoder;
import io.vitessbeam.write.duckdb.Rows;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.metrics.DistributionResult;
import org.apache.beam.sdk.metrics.MetricNameFilter;
import org.apache.beam.sdk.metrics.MetricResult;
import org.apache.beam.sdk.metrics.MetricsFilter;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.Reshuffle;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.values.PCollection;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VitessWriteTest {

  private static final String RUN = "a run";

  @TempDir private Path directory;
  private DuckDbUri uri;
  private VitessWrite write;

  @BeforeEach
  void nameFile() {
    uri = new DuckDbUri(directory.resolve("x.duckdb").toString());
    write =
        VitessWrite.to(uri)
            .withTable("shop.items")
            .withStrategy(WriteStrategy.REPLACE)
            .withRunId(RUN);
  }

  @ParameterizedTest
  @ValueSource(strings = {"DirectRunner", "FlinkRunner"})
  void loadsATableAndLetsTheFileGo(String runner) throws Exception {
    Pipeline pipeline = Pipeline.create(options(runner));
    PCollection<LoadedTable> loaded =
        blocks(pipeline, 8, 10, 50).apply(Reshuffle.viaRandomKey()).apply(write).loaded();
    PAssert.that(loaded).containsInAnyOrder(new LoadedTable("shop.items", 4000, 8));
    PipelineResult result = pipeline.run();
    result.waitUntilFinish();

    assertThat(query("SELECT count(*), count(DISTINCT id) FROM shop.items")).isEqualTo("4000,4000");
    assertThat(query("SELECT count(*) FROM duckdb_tables()")).isEqualTo("1");
    assertThat(counter(result, "rows_staged")).isEqualTo(4000);
    assertThat(counter(result, "ranges_staged")).isEqualTo(8);
    DistributionResult blocks = blockBytes(result, "io.vitessbeam.write.StageBlocksFn");
    assertThat(blocks.getCount()).isEqualTo(80);
    assertThat(blocks.getSum()).isEqualTo(counter(result, "bytes_staged")).isPositive();
    assertThat(counter(result, "rows_published")).isEqualTo(4000);
    // A lock would be left if the file were open; the log of changes, if it were not checkpointed.
    assertThat(directory.toFile().list()).containsExactly("x.duckdb");
  }

  @ParameterizedTest
  @ValueSource(strings = {"DirectRunner", "FlinkRunner"})
  void aPipelineThatFailsUpstreamLeavesTheOldTable(String runner) throws Exception {
    execute("CREATE SCHEMA shop; CREATE TABLE shop.items AS SELECT 42 AS old");
    Pipeline pipeline = Pipeline.create(options(runner));
    blocks(pipeline, 2, 10, 50).apply(ParDo.of(new FailAtSecondRange())).apply(write);

    assertThatThrownBy(() -> pipeline.run().waitUntilFinish()).hasStackTraceContaining("upstream");
    write.abort();

    assertThat(query("SELECT old FROM shop.items")).isEqualTo("42");
    assertThat(query("SELECT count(*) FROM duckdb_tables()")).isEqualTo("1");
  }

  private static final class FailAtSecondRange extends DoFn<Block, Block> {
    @ProcessElement
    public void process(@Element Block block, OutputReceiver<Block> out) {
      if (block.origin().range() == 1 && block.origin().sequence() == 5) {
        throw new IllegalStateException("upstream");
      }
      out.output(block);
    }
  }

  @Test
  void aPipelineWithoutAnyBlockFails() {
    Pipeline pipeline = Pipeline.create();
    pipeline.apply(Create.empty(BlockCoder.of())).apply(write);

    assertThatThrownBy(() -> pipeline.run().waitUntilFinish())
        .hasStackTraceContaining("no range of it was read");
  }

  @Test
  void twoTablesOfOneFileInOnePipeline() throws Exception {
    Pipeline pipeline = Pipeline.create();
    blocks(pipeline, 2, 10, 50).apply("items", write);
    pipeline
        .apply("others", Create.of(rows(3, 10, 50)).withCoder(BlockCoder.of()))
        .apply("write others", write.withTable("others"));
    pipeline.run().waitUntilFinish();

    assertThat(query("SELECT (SELECT count(*) FROM shop.items), (SELECT count(*) FROM others)"))
        .isEqualTo("1000,1500");
  }

  @Test
  void whatIsMissingIsSaidWhenThePipelineIsBuilt() {
    PCollection<Block> blocks = blocks(Pipeline.create(), 1, 1, 1);
    assertThatThrownBy(() -> blocks.apply(VitessWrite.to(uri)))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("withTable");
    assertThatThrownBy(() -> blocks.apply(VitessWrite.to(uri).withTable("t")))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("withStrategy");
  }

  @Test
  void anUnboundedInputIsRefused() {
    PCollection<Block> blocks =
        blocks(Pipeline.create(), 1, 1, 1).setIsBoundedInternal(PCollection.IsBounded.UNBOUNDED);
    assertThatThrownBy(() -> blocks.apply(write))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("bounded");
  }

  @Test
  void showsWhereItWrites() {
    assertThat(DisplayData.from(write).asMap().values())
        .extracting(DisplayData.Item::getValue)
        .contains("DuckDB file " + uri.path(), "shop.items", "REPLACE");
  }

  @Test
  void displayDataTellsAllThatIsAskedFor() {
    VitessWrite asked =
        write
            .withStrategy(WriteStrategy.DELETE_INSERT)
            .withPrimaryKey(List.of("id", "part"))
            .withIncrementalKey("day")
            .withInterval("2024-01-01", null)
            .withColumns("price:decimal(10,2):cost,id:bigint")
            .withSchemaNaming(SchemaNaming.SNAKE_CASE)
            .withSchemaContract(SchemaContract.DISCARD_VALUE);

    assertThat(DisplayData.from(asked).items())
        .extracting(item -> item.getKey() + "=" + item.getValue())
        .containsExactlyInAnyOrder(
            "destination=DuckDB file " + uri.path(),
            "table=shop.items",
            "strategy=DELETE_INSERT",
            "primaryKey=id, part",
            "incrementalKey=day",
            "intervalStart=2024-01-01",
            "columns=price DECIMAL(10, 2) from cost; id BIGINT",
            "schemaNaming=SNAKE_CASE",
            "schemaContract=DISCARD_VALUE",
            "errorHandler=false");
  }

  @Test
  void aReadTellsHowLargeItsBlocksAre() throws Exception {
    Path csv = Files.writeString(directory.resolve("items.csv"), "id,name\n1,a\n2,bc\n");
    Pipeline pipeline = Pipeline.create();
    pipeline.apply(DuckDbRead.from(FileUri.parse("csv://" + csv)).blocks()).apply(write);
    PipelineResult result = pipeline.run();
    result.waitUntilFinish();

    DistributionResult read = blockBytes(result, "io.vitessbeam.read.ReadRangesFn");
    assertThat(read.getCount()).isEqualTo(1);
    assertThat(read.getSum()).isEqualTo(9);
    assertThat(blockBytes(result, "io.vitessbeam.write.StageBlocksFn")).isEqualTo(read);
  }

  private static DistributionResult blockBytes(PipelineResult result, String namespace) {
    MetricsFilter filter =
        MetricsFilter.builder()
            .addNameFilter(MetricNameFilter.named(namespace, "block_bytes"))
            .build();
    return result
        .metrics()
        .queryMetrics(filter)
        .getDistributions()
        .iterator()
        .next()
        .getAttempted();
  }

  private static PipelineOptions options(String runner) {
    return PipelineOptionsFactory.fromArgs("--runner=" + runner, "--tempLocation=/tmp").create();
  }

  private static PCollection<Block> blocks(Pipeline pipeline, int ranges, int blocks, int rows) {
    return pipeline.apply(Create.of(rows(ranges, blocks, rows)).withCoder(BlockCoder.of()));
  }

  private static List<Block> rows(int ranges, int blocks, int rows) {
    List<Block> all = new ArrayList<>();
    for (int range = 0; range < ranges; range++) {
      all.addAll(Rows.itemRange(range, ranges, blocks, rows));
    }
    return all;
  }

  private static long counter(PipelineResult result, String name) {
    MetricsFilter filter =
        MetricsFilter.builder()
            .addNameFilter(MetricNameFilter.inNamespace("io.vitessbeam.write." + fn(name)))
            .build();
    for (MetricResult<Long> counter : result.metrics().queryMetrics(filter).getCounters()) {
      if (counter.getName().getName().equals(name)) {
        return counter.getAttempted();
      }
    }
    throw new AssertionError("no counter " + name);
  }

  private static String fn(String counter) {
    return counter.equals("rows_published") ? "PublishFn" : "StageBlocksFn";
  }

  private void execute(String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:" + uri.path());
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** The first row. */
  private String query(String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:" + uri.path());
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      List<String> values = new ArrayList<>();
      for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
        values.add(rows.getString(i));
      }
      return String.join(",", values);
    }
  }
}
