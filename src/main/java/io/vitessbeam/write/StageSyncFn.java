package io.vitessbeam.write;

import io.vitessbeam.block.Block;
import io.vitessbeam.vstream.SyncPlan;
import java.util.Optional;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.PCollectionView;

/**
 * Stages the blocks of one part of a run ; gives a receipt per range. Takes the plan of the part's
 * round as a side input.
 */
public final class StageSyncFn extends DoFn<Block, SyncReceipt> {

  private static final long serialVersionUID = 1L;

  private final Counter rowsStaged = Metrics.counter(StageSyncFn.class, "rows_staged");
  private final Counter rangesStaged = Metrics.counter(StageSyncFn.class, "ranges_staged");
  private final SyncDestination destination;
  private final SyncSpec spec;
  private final String part;
  private final PCollectionView<SyncPlan> plan;
  private transient SyncLoader load;

  /**
   * @param part {@code copy 1}, {@code stream 1}, {@code copy 2} or {@code stream 2}
   */
  public StageSyncFn(
      SyncDestination destination, SyncSpec spec, String part, PCollectionView<SyncPlan> plan) {
    this.destination = destination;
    this.spec = spec;
    this.part = SyncPart.parse(part).toString();
    this.plan = plan;
  }

  @Setup
  public void setup() {
    load = destination.follower(spec);
  }

  @ProcessElement
  public void process(ProcessContext context) {
    Block block = context.element();
    Optional<SyncReceipt> receipt =
        load.stage(SyncPart.parse(part), context.sideInput(plan), block);
    rowsStaged.inc(block.rows());
    if (receipt.isPresent()) {
      rangesStaged.inc();
      context.output(receipt.get());
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
