package io.vitessbeam.read;

import io.vitessbeam.DataException;
import io.vitessbeam.block.Block;
import io.vitessbeam.block.BlockReader;
import io.vitessbeam.schema.BeamValue;
import io.vitessbeam.schema.Column;
import io.vitessbeam.schema.TableSchema;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.schemas.Schema.Field;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.Row;

/** Decodes blocks into Rows, for pipelines that go on with Beam's own transforms. */
public final class BlockRowsFn extends DoFn<Block, Row> {

  private static final long serialVersionUID = 1L;

  private static final int MOST_BYTES_SHOWN = 80;

  private final TableSchema table;

  private transient Schema schema;
  private transient BeamValue.Decoder[] decoders;

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
    decoders =
        table.columns().stream()
            .map(column -> column.type().base().beam(column.type()).decoder())
            .toArray(BeamValue.Decoder[]::new);
  }

  @ProcessElement
  public void process(@Element Block block, OutputReceiver<Row> output) {
    BlockReader reader = new BlockReader(block);
    while (reader.nextRow()) {
      List<Object> values = new ArrayList<>(decoders.length);
      for (int i = 0; i < decoders.length; i++) {
        values.add(reader.isNull(i) ? null : decode(reader, i));
      }
      output.output(Row.withSchema(schema).attachValues(values));
    }
  }

  private Object decode(BlockReader reader, int column) {
    try {
      return decoders[column].decode(reader.bytes(), reader.offset(column), reader.length(column));
    } catch (DateTimeException | ArithmeticException | IllegalArgumentException e) {
      String value =
          new String(
              reader.bytes(),
              reader.offset(column),
              Math.min(reader.length(column), MOST_BYTES_SHOWN),
              StandardCharsets.UTF_8);
      throw new DataException(
          "Column "
              + table.columns().get(column).name()
              + " of "
              + table.qualifiedName()
              + " holds '"
              + value
              + "': "
              + e.getMessage()
              + (e instanceof DateTimeException
                  ? ". Choose another ZeroDates to read it as NULL or as text"
                  : ""),
          e);
    }
  }
}
