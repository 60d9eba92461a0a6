package io.vitessbeam.write;

import io.vitessbeam.DataException;
import io.vitessbeam.block.Block;
import io.vitessbeam.block.BlockBuilder;
import io.vitessbeam.block.Origin;
import io.vitessbeam.schema.BeamColumn;
import io.vitessbeam.schema.TableSchema;
import java.util.List;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.Row;

/** Makes the blocks of a range from its Rows; a null among them is none. */
public final class RowBlocksFn extends DoFn<KV<Integer, Iterable<Row>>, Block> {

  private static final long serialVersionUID = 1L;

  private static final int BLOCK_BYTES = 512 << 10;

  private final Counter rowsRead = Metrics.counter(RowBlocksFn.class, "rows_read");
  private final TableSchema table;
  private final Schema schema;
  private final int ranges;
  private transient List<BeamColumn> columns;

  /**
   * @param table the columns of {@code schema}
   * @param ranges how many there are
   */
  public RowBlocksFn(TableSchema table, Schema schema, int ranges) {
    this.table = table;
    this.schema = schema;
    this.ranges = ranges;
  }

  @Setup
  public void setUp() {
    columns = schema.getFields().stream().map(BeamColumn::of).toList();
  }

  @ProcessElement
  public void process(@Element KV<Integer, Iterable<Row>> range, OutputReceiver<Block> output) {
    BlockBuilder builder = new BlockBuilder(table, BLOCK_BYTES);
    long rows = 0;
    long sequence = 0;
    for (Row row : range.getValue()) {
      if (row == null) {
        continue;
      }
      add(builder, row);
      rows++;
      if (builder.length() >= BLOCK_BYTES) {
        output.output(builder.build(origin(range.getKey(), sequence++, -1)));
      }
    }
    if (builder.rows() > 0) {
      output.output(builder.build(origin(range.getKey(), sequence++, -1)));
    }
    rowsRead.inc(rows);
    output.output(Block.closing(table, origin(range.getKey(), sequence, rows)));
  }

  private void add(BlockBuilder builder, Row row) {
    builder.startRow();
    for (int i = 0; i < columns.size(); i++) {
      Object value = row.getValue(i);
      if (value == null) {
        builder.addNull();
      } else {
        byte[] bytes = encode(columns.get(i), value);
        builder.addValue(bytes, 0, bytes.length);
      }
    }
  }

  private byte[] encode(BeamColumn column, Object value) {
    try {
      return column.encoder().encode(value);
    } catch (DataException e) {
      throw new DataException(
          "Column %s of %s: %s".formatted(column.column().name(), table.table(), e.getMessage()),
          e);
    }
  }

  private Origin origin(int range, long sequence, long rows) {
    return new Origin(ranges, range, ranges, sequence, rows, "");
  }
}
