package io.vitessbeam.write;

import io.vitessbeam.DataException;
import io.vitessbeam.FailedRow;
import io.vitessbeam.block.Block;
import io.vitessbeam.block.BlockBuilder;
import io.vitessbeam.block.Origin;
import io.vitessbeam.schema.BeamColumn;
import io.vitessbeam.schema.TableSchema;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.errorhandling.BadRecordRouter;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.Row;
import org.apache.beam.sdk.values.TupleTag;

/** Makes the blocks of a range from its Rows; a null among them is none. */
public final class RowBlocksFn extends DoFn<KV<Integer, Iterable<Row>>, Block> {

  private static final long serialVersionUID = 1L;

  public static final TupleTag<Block> BLOCKS = new TupleTag<>("blocks") {};

  private static final int BLOCK_BYTES = 512 << 10;

  /** Which one it is {@link PlannedBlocksFn} says. */
  private static final long UNPLANNED = 0;

  private final Counter rowsRead = Metrics.counter(RowBlocksFn.class, "rows_read");
  private final Counter rowsFailed = Metrics.counter(RowBlocksFn.class, "rows_failed");
  private final TableSchema table;
  private final Schema schema;
  private final int ranges;
  private final boolean routesFailures;
  private transient List<BeamColumn> columns;

  /**
   * @param table the columns of {@code schema}
   * @param ranges how many there are
   * @param routesFailures whether a row that does not fit is given out for an error handler
   */
  public RowBlocksFn(TableSchema table, Schema schema, int ranges, boolean routesFailures) {
    this.table = table;
    this.schema = schema;
    this.ranges = ranges;
    this.routesFailures = routesFailures;
  }

  @Setup
  public void setUp() {
    columns = schema.getFields().stream().map(BeamColumn::of).toList();
  }

  @ProcessElement
  public void process(@Element KV<Integer, Iterable<Row>> range, MultiOutputReceiver output) {
    BlockBuilder builder = new BlockBuilder(table, BLOCK_BYTES);
    long rows = 0;
    long sequence = 0;
    long failed = 0;
    long leftOut = 0;
    for (Row row : range.getValue()) {
      if (row == null) {
        continue;
      }
      rows++;
      if (!add(builder, row, output)) {
        leftOut++;
        failed++;
      }
      if (builder.length() >= BLOCK_BYTES) {
        output
            .get(BLOCKS)
            .output(builder.build(origin(range.getKey(), sequence++, -1).withLeftOut(leftOut)));
        leftOut = 0;
      }
    }
    if (builder.rows() > 0 || leftOut > 0) {
      output
          .get(BLOCKS)
          .output(builder.build(origin(range.getKey(), sequence++, -1).withLeftOut(leftOut)));
    }
    rowsRead.inc(rows);
    rowsFailed.inc(failed);
    output.get(BLOCKS).output(Block.closing(table, origin(range.getKey(), sequence, rows)));
  }

  /** Adds a row, unless it does not fit and goes to an error handler. */
  private boolean add(BlockBuilder builder, Row row, MultiOutputReceiver output) {
    int rows = builder.rows();
    int length = builder.length();
    try {
      add(builder, row);
      return true;
    } catch (Unfit e) {
      if (!routesFailures) {
        throw new DataException(
            "Column %s of %s: %s".formatted(e.column, table.table(), e.getMessage()), e);
      }
      builder.truncate(rows, length);
      output.get(BadRecordRouter.BAD_RECORD_TAG).output(StageBlocksFn.badRecord(failed(row, e)));
      return false;
    }
  }

  private FailedRow failed(Row row, Unfit failure) {
    Map<String, String> values = new LinkedHashMap<>();
    for (int i = 0; i < columns.size(); i++) {
      Object value = row.getValue(i);
      values.put(
          columns.get(i).column().name(),
          value == null
              ? null
              : value instanceof byte[] bytes
                  ? "0x" + HexFormat.of().formatHex(bytes)
                  : value.toString());
    }
    List<String> key =
        table.primaryKey().isEmpty() ? List.copyOf(values.keySet()) : table.primaryKey();
    return new FailedRow(
        table.table(),
        key.stream().map(name -> name + "=" + values.get(name)).collect(Collectors.joining(" ")),
        failure.column,
        failure.getMessage(),
        values);
  }

  /** A value that the type of its column can't hold. */
  private static final class Unfit extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final String column;

    Unfit(String column, DataException cause) {
      super(cause.getMessage(), cause);
      this.column = column;
    }
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
      throw new Unfit(column.column().name(), e);
    }
  }

  private Origin origin(int range, long sequence, long rows) {
    return new Origin(UNPLANNED, range, ranges, sequence, rows, "");
  }
}
