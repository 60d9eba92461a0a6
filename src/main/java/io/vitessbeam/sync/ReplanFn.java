package io.vitessbeam.sync;

import io.vitessbeam.vstream.follow.StreamEnd;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.PCollectionView;

/**
 * Plans the second round of a bounded run, which mostly has no tables, when all streams of the
 * first have ended.
 */
public final class ReplanFn extends DoFn<SyncPlan, SyncPlan> {

  private static final long serialVersionUID = 1L;

  private final SyncOptions options;
  private final PCollectionView<Iterable<StreamEnd>> ends;

  /**
   * @param ends of the first round's streams, as a side input
   */
  public ReplanFn(SyncOptions options, PCollectionView<Iterable<StreamEnd>> ends) {
    this.options = options;
    this.ends = ends;
  }

  @ProcessElement
  public void process(ProcessContext context) throws InterruptedException {
    context.output(new SyncPlanner(options).planAgain(context.element(), context.sideInput(ends)));
  }
}
