package io.vitessbeam.sync;

import org.apache.beam.sdk.transforms.DoFn;

/** Plans, when the pipeline runs, what is done with the tables of a destination. */
public final class PlanSyncFn extends DoFn<StoredTables, SyncPlan> {

  private static final long serialVersionUID = 1L;

  /** Which part of a run is planned. */
  public enum Part {
    /** The first round of a bounded run. */
    BOUNDED,
    /** The first round of a run that goes on when its rounds are done. */
    ENDLESS,
    /** How such a run goes on. */
    FOLLOWING
  }

  private final SyncOptions options;
  private final Part part;

  public PlanSyncFn(SyncOptions options, Part part) {
    this.options = options;
    this.part = part;
  }

  @ProcessElement
  public void process(@Element StoredTables stored, OutputReceiver<SyncPlan> output)
      throws InterruptedException {
    SyncPlanner planner = new SyncPlanner(options);
    output.output(
        switch (part) {
          case BOUNDED -> planner.plan(stored);
          case ENDLESS -> planner.planEndless(stored);
          case FOLLOWING -> planner.planFollowing(stored);
        });
  }
}
