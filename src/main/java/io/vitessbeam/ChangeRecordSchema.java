package io.vitessbeam;

import java.time.Instant;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.schemas.Schema.FieldType;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.Row;
import org.apache.beam.sdk.values.TypeDescriptor;
import org.joda.time.ReadableInstant;

/** How {@link ChangeRecord}s of one table are Rows. */
final class ChangeRecordSchema {

  private ChangeRecordSchema() {}

  /** The schema of the records of a table whose rows have this schema. */
  static Schema of(Schema rows) {
    FieldType image = FieldType.row(rows).withNullable(true);
    return Schema.builder()
        .addStringField("keyspace")
        .addStringField("table")
        .addStringField("shard")
        .addStringField("operation")
        .addField("before", image)
        .addField("after", image)
        .addArrayField("unchanged", FieldType.STRING)
        .addStringField("order")
        .addNullableField("commitTime", FieldType.DATETIME)
        .build();
  }

  /** Makes known to Beam that the records of a collection are Rows. */
  static PCollection<ChangeRecord> register(PCollection<ChangeRecord> records, Schema rows) {
    Schema schema = of(rows);
    return records.setSchema(
        schema, TypeDescriptor.of(ChangeRecord.class), new ToRow(schema), new FromRow());
  }

  /** Records, so that two coders of the same table are equal. */
  record ToRow(Schema schema) implements SerializableFunction<ChangeRecord, Row> {
    @Override
    public Row apply(ChangeRecord change) {
      return Row.withSchema(schema)
          .addValues(
              change.keyspace(),
              change.table(),
              change.shard(),
              change.operation().name(),
              change.before(),
              change.after(),
              change.unchanged(),
              change.order(),
              change.commitTime() == null
                  ? null
                  : org.joda.time.Instant.ofEpochMilli(change.commitTime().toEpochMilli()))
          .build();
    }
  }

  record FromRow() implements SerializableFunction<Row, ChangeRecord> {
    @Override
    public ChangeRecord apply(Row row) {
      ReadableInstant commitTime = row.getDateTime("commitTime");
      return new ChangeRecord(
          row.getString("keyspace"),
          row.getString("table"),
          row.getString("shard"),
          ChangeOperation.valueOf(row.getString("operation")),
          row.getRow("before"),
          row.getRow("after"),
          row.<String>getArray("unchanged").stream().toList(),
          row.getString("order"),
          commitTime == null ? null : Instant.ofEpochMilli(commitTime.getMillis()));
    }
  }
}
