package io.vitessbeam.write;

import io.vitessbeam.block.Block;
import java.util.Optional;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.transforms.DoFn;

/** Stages blocks in the load that all copies of this function share; gives a receipt per range. */
public final class StageBlocksFn extends DoFn<Block, StagedRange> {

  private final Counter rowsStaged = Metrics.counter(StageBlocksFn.class, "rows_staged");
  private final Counter rangesStaged = Metrics.counter(StageBlocksFn.class, "ranges_staged");
  private final Destination destination;
  private final LoadSpec spec;
  private transient Loader load;

  public StageBlocksFn(Destination destination, LoadSpec spec) {
    this.destination = destination;
    this.spec = spec;
  }

  @Setup
  public void setup() {
    load = destination.loader(spec);
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
      load.release();
      load = null;
    }
  }
}
