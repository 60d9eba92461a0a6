package io.vitessbeam.vstream;

import io.vitessbeam.ChangeOperation;
import io.vitessbeam.ChangeRecord;
import io.vitessbeam.schema.TableSchema;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.coders.CustomCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.schemas.Schema.FieldType;
import org.apache.beam.sdk.schemas.SchemaCoder;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.Row;
import org.apache.beam.sdk.values.TypeDescriptor;
import org.joda.time.ReadableInstant;

/**
 * Writes {@link ChangeRecord}s of several tables: the name of the table, then the record as a Row.
 * Records of one table have a Beam schema instead, see {@link #register}.
 */
public final class ChangeRecordsCoder extends CustomCoder<ChangeRecord> {

  private static final long serialVersionUID = 1L;

  private final Map<String, SchemaCoder<ChangeRecord>> byTable = new LinkedHashMap<>();

  private ChangeRecordsCoder(List<TableSchema> tables) {
    for (TableSchema table : tables) {
      byTable.put(table.table(), coder(ChangeRecordsFn.rowSchema(table)));
    }
  }

  /** Makes known to Beam how the records of a collection are written. */
  public static PCollection<ChangeRecord> register(
      PCollection<ChangeRecord> records, List<TableSchema> tables) {
    if (tables.size() > 1) {
      return records.setCoder(new ChangeRecordsCoder(tables));
    }
    SchemaCoder<ChangeRecord> coder = coder(ChangeRecordsFn.rowSchema(tables.get(0)));
    return records.setSchema(
        coder.getSchema(),
        coder.getEncodedTypeDescriptor(),
        coder.getToRowFunction(),
        coder.getFromRowFunction());
  }

  /** The coder of the records of a table whose rows have this schema. */
  static SchemaCoder<ChangeRecord> coder(Schema rows) {
    Schema schema = schemaOf(rows);
    return SchemaCoder.of(
        schema, TypeDescriptor.of(ChangeRecord.class), new ToRow(schema), new FromRow());
  }

  private static Schema schemaOf(Schema rows) {
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
        .addStringField("gtid")
        .build();
  }

  @Override
  public void encode(ChangeRecord change, OutputStream out) throws IOException {
    StringUtf8Coder.of().encode(change.table(), out);
    coderOf(change.table()).encode(change, out);
  }

  @Override
  public ChangeRecord decode(InputStream in) throws IOException {
    return coderOf(StringUtf8Coder.of().decode(in)).decode(in);
  }

  private SchemaCoder<ChangeRecord> coderOf(String table) throws CoderException {
    SchemaCoder<ChangeRecord> coder = byTable.get(table);
    if (coder == null) {
      throw new CoderException("a change of the unknown table " + table);
    }
    return coder;
  }

  @Override
  public void verifyDeterministic() throws NonDeterministicException {
    for (SchemaCoder<ChangeRecord> coder : byTable.values()) {
      coder.verifyDeterministic();
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ChangeRecordsCoder coder && byTable.equals(coder.byTable);
  }

  @Override
  public int hashCode() {
    return byTable.hashCode();
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
                  : org.joda.time.Instant.ofEpochMilli(change.commitTime().toEpochMilli()),
              change.gtid())
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
          commitTime == null ? null : Instant.ofEpochMilli(commitTime.getMillis()),
          row.getString("gtid"));
    }
  }
}
