package io.vitessbeam.read;

import io.vitessbeam.block.Block;
import io.vitessbeam.block.BlockReader;
import io.vitessbeam.block.RowValues;
import io.vitessbeam.schema.BeamValue;
import io.vitessbeam.schema.Column;
import io.vitessbeam.schema.TableSchema;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.schemas.Schema.Field;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.Row;

/** Decodes blocks into Rows, for pipelines that go on with Beam's own transforms. */
public final class BlockRowsFn extends DoFn<Block, Row> {

  private static final long serialVersionUID = 1L;

  private final TableSchema table;

  private transient Schema schema;
  private transient RowValues values;

  public BlockRowsFn(TableSchema table) {
    this.table = table;
  }

  /** The schema of the Rows that a table's blocks give. */
  public static Schema schemaOf(TableSchema table) {
    Schema.Builder builder = Schema.builder();
    for (Column column : table.columns()) {
      BeamValue value = column.type().base().beam(column.type());
      builder.addField(Field.of(column.name(), value.type().withNullable(column.nullable())));
    }
    return builder.build();
  }

  @Setup
  public void setUp() {
    schema = schemaOf(table);
    values = new RowValues(table);
  }

  @ProcessElement
  public void process(@Element Block block, OutputReceiver<Row> output) {
    BlockReader reader = new BlockReader(block);
    while (reader.nextRow()) {
      output.output(Row.withSchema(schema).attachValues(values.of(reader)));
    }
  }
}
