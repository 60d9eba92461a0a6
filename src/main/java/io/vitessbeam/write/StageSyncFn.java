package io.vitessbeam.write;

import io.vitessbeam.block.Block;
import io.vitessbeam.sync.SyncPlan;
import io.vitessbeam.write.load.FunctionCopies;
import java.util.Optional;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.PCollectionView;

/**
 * Stages the blocks of one part of a run; gives a receipt per range. Takes the plan of the part's
 * round as a side input.
 */
public final class StageSyncFn extends DoFn<Block, SyncReceipt> {

  private static final long serialVersionUID = 1L;

  private final Counter rowsStaged = Metrics.counter(StageSyncFn.class, "rows_staged");
  private final Counter rangesStaged = Metrics.counter(StageSyncFn.class, "ranges_staged");
  private final Destination destination;
  private final SyncSpec spec;
  private final String part;
  private final PCollectionView<String> run;
  private final PCollectionView<SyncPlan> plan;
  private transient String loadedRun;
  private transient SyncLoader load;

  /**
   * @param run its id
   * @param part {@code copy 1}, {@code stream 1}, {@code copy 2} or {@code stream 2}
   */
  public StageSyncFn(
      Destination destination,
      SyncSpec spec,
      PCollectionView<String> run,
      String part,
      PCollectionView<SyncPlan> plan) {
    this.destination = destination;
    this.spec = spec;
    this.run = run;
    this.part = SyncPart.parse(part).toString();
    this.plan = plan;
  }

  @Setup
  public void setup() {
    FunctionCopies.ofThisJvm().enter(spec.owner());
  }

  @ProcessElement
  public void process(ProcessContext context) {
    Block block = context.element();
    Optional<SyncReceipt> receipt =
        load(context.sideInput(run)).stage(SyncPart.parse(part), context.sideInput(plan), block);
    rowsStaged.inc(block.rows());
    if (receipt.isPresent()) {
      rangesStaged.inc();
      context.output(receipt.get());
    }
  }

  private SyncLoader load(String id) {
    if (!id.equals(loadedRun)) {
      release();
      load = destination.follower(spec.in(id));
      loadedRun = id;
    }
    return load;
  }

  @Teardown
  public void teardown() {
    FunctionCopies.ofThisJvm().leave(spec.owner(), this::release);
  }

  private void release() {
    if (load != null) {
      load.release();
      load = null;
    }
  }
}
