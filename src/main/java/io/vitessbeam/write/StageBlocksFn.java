package io.vitessbeam.write;

import io.vitessbeam.block.Block;
import io.vitessbeam.write.adapt.Adaptation;
import io.vitessbeam.write.adapt.BlockAdapter;
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
  private final Adaptation adaptation;
  private transient Loader load;
  private transient BlockAdapter adapter;

  /**
   * @param spec with the names of the destination's columns
   */
  public StageBlocksFn(Destination destination, LoadSpec spec, Adaptation adaptation) {
    this.destination = destination;
    this.spec = spec;
    this.adaptation = adaptation;
  }

  @Setup
  public void setup() {
    load = destination.loader(spec);
  }

  @ProcessElement
  public void process(@Element Block block, OutputReceiver<StagedRange> receipts) {
    Block adapted = adaptation.isNone() ? block : adapt(block);
    Optional<StagedRange> receipt = load.stage(adapted);
    rowsStaged.inc(adapted.rows());
    if (receipt.isPresent()) {
      rangesStaged.inc();
      receipts.output(receipt.get());
    }
  }

  private Block adapt(Block block) {
    if (adapter == null || !adapter.isOf(block.schema())) {
      adapter = BlockAdapter.of(adaptation, block.schema());
    }
    return adapter.adapt(block);
  }

  @Teardown
  public void teardown() {
    if (load != null) {
      load.release();
      load = null;
    }
  }
}
