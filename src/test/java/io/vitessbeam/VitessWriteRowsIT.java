package io.vitessbeam;

import static io.vitessbeam.testing.TestVitess.SHOP;
import static org.assertj.core.api.Assertions.assertThat;

import io.vitessbeam.testing.TableRows;
import io.vitessbeam.testing.TestPipelines.EmbeddedRunner;
import io.vitessbeam.testing.TestVitess;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.List;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Rows of a real Vitess, through a pipeline of a user's, into a table. */
class VitessWriteRowsIT {

  private static final TestVitess VITESS = TestVitess.shared();

  @TempDir private Path directory;

  @ParameterizedTest
  @EnumSource
  void whatIsReadAsRowsIsWrittenAsItWas(EmbeddedRunner runner) throws Exception {
    String table = VITESS.newTable("rows");
    VITESS.execute(
        SHOP,
        "CREATE TABLE "
            + table
            + " (id BIGINT UNSIGNED PRIMARY KEY, small TINYINT UNSIGNED, price DECIMAL(12,4), rate"
            + " DOUBLE, single FLOAT, name VARCHAR(40), code VARBINARY(9), day DATE, at"
            + " DATETIME(6), ts TIMESTAMP(6) NULL, kind ENUM('a','b c'))",
        "INSERT INTO "
            + table
            + " VALUES (18446744073709551615, 255, -0.0001, '1e-300', 1.1, 'it''s é😀', X'00FF',"
            + " '9999-12-31', '1000-01-01 00:00:00.000001', '2038-01-19 03:14:07.999999', 'b c'),"
            + " (1, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),"
            + " (2, 0, 0, 0, 0, '', '', '2024-02-29', '2024-02-29', '2024-02-29', 'a')");
    Path file = directory.resolve("rows.duckdb");
    Pipeline pipeline = Pipeline.create(PipelineOptionsFactory.fromArgs(runner.args()).create());
    pipeline
        .apply(VitessRead.from(VITESS.uri(SHOP)).withTable(table))
        .apply(
            VitessWrite.to(DuckDbUri.parse("duckdb:///" + file))
                .withTable("copy")
                .withStrategy(WriteStrategy.MERGE)
                .withPrimaryKey(List.of("id"))
                .rows());
    pipeline.run().waitUntilFinish();

    try (Connection connection = VITESS.connect(SHOP)) {
      assertThat(
              TableRows.ofDuckDb(
                  file, "SELECT * REPLACE (make_timestamp(epoch_us(ts)) AS ts) FROM copy"))
          .isEqualTo(TableRows.ofVitess(connection, "SELECT * FROM " + table));
    }
  }
}
