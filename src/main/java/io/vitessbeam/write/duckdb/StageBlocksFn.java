package io.vitessbeam.write.duckdb;

import io.vitessbeam.block.Block;
import io.vitessbeam.write.StagedRange;
import java.util.Optional;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.transforms.DoFn;

/** Stages blocks in the file that all copies of this function share; gives a receipt per range. */
public final class StageBlocksFn extends DoFn<Block, StagedRange> {

  private final Counter rowsStaged = Metrics.counter(StageBlocksFn.class, "rows_staged");
  private final Counter rangesStaged = Metrics.counter(StageBlocksFn.class, "ranges_staged");
  private final LoadId id;
  private transient TableLoad load;

  public StageBlocksFn(LoadId id) {
    this.id = id;
  }

  @Setup
  public void setup() {
    load = Loads.ofThisJvm().acquire(id);
  }

  @ProcessElement
  public void process(@Element Block block, OutputReceiver<StagedRange> receipts) {
    Optional<StagedRange> receipt = load.stage(block);
    rowsStaged.inc(block.rows());
    if (receipt.isPresent()) {
      rangesStaged.inc();
      receipts.output(receipt.get());
    }
  }

  @Teardown
  public void teardown() {
    if (load != null) {
      Loads.ofThisJvm().release(load);
      load = null;
    }
  }
}
