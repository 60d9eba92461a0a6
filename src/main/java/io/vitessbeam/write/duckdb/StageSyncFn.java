package io.vitessbeam.write.duckdb;

import io.vitessbeam.block.Block;
import io.vitessbeam.vstream.SyncPlan;
import java.util.Optional;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.PCollectionView;

/**
 * Stages the blocks of one part of a run in the file that all copies of this function share; gives
 * a receipt per range. Takes the plan of the part's round as a side input.
 */
public final class StageSyncFn extends DoFn<Block, SyncReceipt> {

  private static final long serialVersionUID = 1L;

  private final Counter rowsStaged = Metrics.counter(StageSyncFn.class, "rows_staged");
  private final Counter rangesStaged = Metrics.counter(StageSyncFn.class, "ranges_staged");
  private final SyncTarget target;
  private final String part;
  private final PCollectionView<SyncPlan> plan;
  private transient SyncLoad load;

  /**
   * @param part {@code copy 1}, {@code stream 1}, {@code copy 2} or {@code stream 2}
   */
  public StageSyncFn(SyncTarget target, String part, PCollectionView<SyncPlan> plan) {
    this.target = target;
    this.part = SyncPart.parse(part).toString();
    this.plan = plan;
  }

  @Setup
  public void setup() {
    load = Loads.ofThisJvm().acquire(target);
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
      Loads.ofThisJvm().release(load);
      load = null;
    }
  }
}
