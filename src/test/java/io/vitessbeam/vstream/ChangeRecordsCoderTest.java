package io.vitessbeam.vstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitessbeam.ChangeOperation;
import io.vitessbeam.ChangeRecord;
import io.vitessbeam.schema.Column;
import io.vitessbeam.schema.ColumnType;
import io.vitessbeam.schema.MysqlType;
import io.vitessbeam.schema.TableSchema;
import java.time.Instant;
import java.util.List;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.schemas.Schema.FieldType;
import org.apache.beam.sdk.schemas.SchemaCoder;
import org.apache.beam.sdk.testing.CoderProperties;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.util.CoderUtils;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.Row;
import org.apache.beam.sdk.values.TypeDescriptor;
import org.junit.jupiter.api.Test;

/** Records are the same wherever a runner sends them. */
class ChangeRecordsCoderTest {

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
            Instant.ofEpochSecond(1_704_067_200),
            "MySQL56/x:1-8");
    ChangeRecord copy =
        new ChangeRecord(
            "shop", "t", "0", ChangeOperation.COPY, null, row, List.of(), "000000.2", null, "");
    SchemaCoder<ChangeRecord> coder = ChangeRecordsCoder.coder(image);

    CoderProperties.coderSerializable(coder);
    assertThat(coder).isEqualTo(ChangeRecordsCoder.coder(image));
    for (ChangeRecord change : List.of(update, copy)) {
      CoderProperties.coderDecodeEncodeEqual(coder, change);
      Row asRow = coder.getToRowFunction().apply(change);
      assertThat(asRow.getString("operation")).isEqualTo(change.operation().name());
      assertThat(asRow.getRow("after")).isEqualTo(change.after());
      assertThat(coder.getFromRowFunction().apply(asRow)).isEqualTo(change);
    }
  }

  private static TableSchema table(String name, MysqlType type) {
    List<Column> columns = List.of(new Column("id", ColumnType.of(type), false));
    return new TableSchema("shop", name, columns, List.of("id"));
  }

  private static ChangeRecord insert(TableSchema table, Object id) {
    Row row = Row.withSchema(ChangeRecordsFn.rowSchema(table)).addValues(id).build();
    return new ChangeRecord(
        "shop", table.table(), "0", ChangeOperation.INSERT, null, row, List.of(), "1", null, "g");
  }

  private static Coder<ChangeRecord> registered(TableSchema... tables) {
    PCollection<ChangeRecord> records =
        Pipeline.create()
            .apply(Create.of(1))
            .apply(
                MapElements.into(TypeDescriptor.of(ChangeRecord.class))
                    .via(number -> insert(tables[0], number)));
    return ChangeRecordsCoder.register(records, List.of(tables)).getCoder();
  }

  /** Each table has rows of its own. */
  @Test
  void severalTables() throws Exception {
    TableSchema orders = table("orders", MysqlType.BIGINT);
    TableSchema names = table("names", MysqlType.TEXT);
    Coder<ChangeRecord> coder = registered(orders, names);

    CoderProperties.coderSerializable(coder);
    assertThat(coder)
        .isEqualTo(registered(orders, names))
        .isNotEqualTo(registered(names, table("orders", MysqlType.INT)));
    CoderProperties.coderDecodeEncodeEqual(coder, insert(orders, 7L));
    CoderProperties.coderDecodeEncodeEqual(coder, insert(names, "seven"));
    assertThatThrownBy(
            () -> CoderUtils.encodeToByteArray(coder, insert(table("else", MysqlType.INT), 7)))
        .isInstanceOf(CoderException.class)
        .hasMessageContaining("unknown table else");
  }
}
