package io.vitessbeam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitessbeam.read.BlockRowsFn;
import io.vitessbeam.schema.Column;
import io.vitessbeam.schema.ColumnType;
import io.vitessbeam.schema.MysqlType;
import io.vitessbeam.schema.TableSchema;
import java.util.List;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.schemas.Schema.FieldType;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.transforms.display.HasDisplayData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VitessReadTest {

  private static final VitessRead READ = VitessRead.from("vitess://us3r:geh3im@h:15306/shop");

  @Test
  void displayData() {
    VitessRead read =
        READ.withTable("orders")
            .withLimit(5)
            .withParallelism(9)
            .withIncrementalKey("day", "1", "2");

    for (HasDisplayData shown : List.of(read, read.blocks())) {
      String data = DisplayData.from(shown).items().toString();
      assertThat(data)
          .contains("vitess://h:15306/shop", "orders", "day", "parallelism")
          .doesNotContain("geh3im", "us3r");
    }
    assertThat(DisplayData.from(READ.withQuery("SELECT 2")).items().toString())
        .contains("SELECT 2")
        .doesNotContain("limit", "incrementalKey");
    assertThat(read.toString()).doesNotContain("geh3im");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, 1_001})
  void parallelismOutOfRange(int ranges) {
    assertThatThrownBy(() -> READ.withParallelism(ranges))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage("parallelism is " + ranges + "; it must be from 1 to 1,000");
  }

  @Test
  void arguments() {
    assertThatThrownBy(() -> READ.withLimit(-1)).hasMessage("limit is -1; it must be 0 or more");
    assertThatThrownBy(() -> READ.withTable(" ")).hasMessage("The table to read is empty");
    assertThatThrownBy(() -> READ.withTable(null)).hasMessage("The table to read is empty");
    assertThatThrownBy(() -> READ.withQuery("")).hasMessage("The query to read is empty");
    assertThatThrownBy(() -> READ.withRunId("")).hasMessage("The run id to read is empty");
    assertThatThrownBy(() -> VitessRead.from("mysql://h/shop"))
        .isInstanceOf(ConfigurationException.class);
  }

  @Test
  void aTableOrAQuery() {
    assertThatThrownBy(READ::schema).hasMessage("Give either a table or a query to read");
    assertThatThrownBy(READ.withTable("t").withQuery("SELECT 1")::schema)
        .hasMessage("Give either a table or a query to read");
    assertThatThrownBy(READ.withQuery("DELETE FROM t")::schema)
        .hasMessage("A query has to begin with SELECT or WITH");
  }

  @Test
  void schemaOfRows() {
    TableSchema table =
        new TableSchema(
            "shop",
            "t",
            List.of(
                new Column("id", ColumnType.unsigned(MysqlType.INT), false),
                new Column("name", ColumnType.of(MysqlType.VARCHAR, 9), true)),
            List.of("id"));

    assertThat(BlockRowsFn.schemaOf(table))
        .isEqualTo(
            Schema.builder()
                .addInt64Field("id")
                .addNullableField("name", FieldType.STRING)
                .build());
  }
}
