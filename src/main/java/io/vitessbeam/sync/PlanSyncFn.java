package io.vitessbeam.sync;

import org.apache.beam.sdk.transforms.DoFn;

/** Plans the first round of a bounded run, when the pipeline runs. */
public final class PlanSyncFn extends DoFn<StoredTables, SyncPlan> {

  private static final long serialVersionUID = 1L;

  private final SyncOptions options;

  public PlanSyncFn(SyncOptions options) {
    this.options = options;
  }

  @ProcessElement
  public void process(@Element StoredTables stored, OutputReceiver<SyncPlan> output) {
    output.output(new SyncPlanner(options).plan(stored));
  }
}
