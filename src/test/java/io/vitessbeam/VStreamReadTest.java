package io.vitessbeam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.schemas.Schema.FieldType;
import org.apache.beam.sdk.schemas.SchemaCoder;
import org.apache.beam.sdk.testing.CoderProperties;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.transforms.display.HasDisplayData;
import org.apache.beam.sdk.values.Row;
import org.apache.beam.sdk.values.TypeDescriptor;
import org.junit.jupiter.api.Test;

class VStreamReadTest {

  private static final VStreamRead READ =
      VStreamRead.from("vitess+cdc://us3r:geh3im@h:15306/shop?grpc_port=15991");

  private static final Vgtid POSITION =
      new Vgtid("shop", List.of(new Vgtid.ShardGtid("0", "MySQL56/x:1-7")));

  @Test
  void displayData() {
    VStreamRead read = READ.withTable("orders").startingAt(POSITION).until(POSITION);

    for (HasDisplayData shown : List.of(read, read.blocks())) {
      String data = DisplayData.from(shown).items().toString();
      assertThat(data)
          .contains("vitess+cdc://h:15306/shop", "orders", "MySQL56/x:1-7", "until")
          .doesNotContain("geh3im", "us3r");
    }
    assertThat(DisplayData.from(READ.fromNow()).items().toString()).doesNotContain("until");
    assertThat(read.toString()).doesNotContain("geh3im");
  }

  @Test
  void arguments() {
    assertThatThrownBy(() -> READ.withTable(" ")).hasMessage("The table to read is empty");
    assertThatThrownBy(() -> READ.withTable(null)).hasMessage("The table to read is empty");
    assertThatThrownBy(() -> READ.withRunId("")).hasMessage("The run id to read is empty");
    assertThatThrownBy(() -> READ.until(null)).hasMessage("The boundary is null");
    assertThatThrownBy(() -> READ.startingAt(null)).hasMessage("The position is null");
    for (Duration wrong : List.of(Duration.ZERO, Duration.ofSeconds(-1))) {
      assertThatThrownBy(() -> READ.withStallTimeout(wrong))
          .isInstanceOf(ConfigurationException.class)
          .hasMessageContaining("must be positive");
    }
    assertThatThrownBy(() -> VStreamRead.from("vitess://h/shop"))
        .isInstanceOf(ConfigurationException.class);
  }

  /** Any two runners' copies of the coder are equal, and a record stays what it is. */
  @Test
  void recordsAndRows() throws Exception {
    Schema image =
        Schema.builder()
            .addNullableField("id", FieldType.INT64)
            .addNullableField("bytes", FieldType.BYTES)
            .build();
    Row row = Row.withSchema(image).addValues(1L, new byte[] {0, -1}).build();
    ChangeRecord update =
        new ChangeRecord(
            "shop",
            "t",
            "0",
            ChangeOperation.UPDATE,
            row,
            Row.withSchema(image).addValues(1L, null).build(),
            List.of("bytes"),
            "000000.1",
            Instant.ofEpochSecond(1_704_067_200));
    ChangeRecord copy =
        new ChangeRecord(
            "shop", "t", "0", ChangeOperation.COPY, null, row, List.of(), "000000.2", null);
    SchemaCoder<ChangeRecord> coder = coder(image);

    CoderProperties.coderSerializable(coder);
    assertThat(coder).isEqualTo(coder(image));
    for (ChangeRecord change : List.of(update, copy)) {
      CoderProperties.coderDecodeEncodeEqual(coder, change);
      Row asRow = coder.getToRowFunction().apply(change);
      assertThat(asRow.getString("operation")).isEqualTo(change.operation().name());
      assertThat(asRow.getRow("after")).isEqualTo(change.after());
      assertThat(coder.getFromRowFunction().apply(asRow)).isEqualTo(change);
    }
  }

  private static SchemaCoder<ChangeRecord> coder(Schema image) {
    Schema schema = ChangeRecordSchema.of(image);
    return SchemaCoder.of(
        schema,
        TypeDescriptor.of(ChangeRecord.class),
        new ChangeRecordSchema.ToRow(schema),
        new ChangeRecordSchema.FromRow());
  }
}
