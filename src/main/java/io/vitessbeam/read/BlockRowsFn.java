package io.vitessbeam.read;

import io.vitessbeam.block.Block;
import io.vitessbeam.block.BlockReader;
import io.vitessbeam.schema.TableSchema;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.Row;

/** Decodes blocks into Rows, for pipelines that go on with Beam's own transforms. */
public final class BlockRowsFn extends DoFn<Block, Row> {

  private static final long serialVersionUID = 1L;

  private final TableSchema table;

  private transient RowShape shape;

  public BlockRowsFn(TableSchema table) {
    this.table = table;
  }

  /** The schema of the Rows. */
  public Schema schema() {
    return new RowShape(table).schema();
  }

  @Setup
  public void setUp() {
    shape = new RowShape(table);
  }

  @ProcessElement
  public void process(@Element Block block, OutputReceiver<Row> output) {
    BlockReader reader = new BlockReader(block);
    while (reader.nextRow()) {
      output.output(shape.row(reader));
    }
  }
}
