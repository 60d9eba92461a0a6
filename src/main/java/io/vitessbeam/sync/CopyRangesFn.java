package io.vitessbeam.sync;

import io.vitessbeam.read.cursor.ReadRange;
import org.apache.beam.sdk.transforms.DoFn;

/** Cuts the tables that a round copies into the key ranges in which they are read. */
public final class CopyRangesFn extends DoFn<SyncPlan, ReadRange> {

  private static final long serialVersionUID = 1L;

  private final SyncOptions options;

  public CopyRangesFn(SyncOptions options) {
    this.options = options;
  }

  @ProcessElement
  public void process(@Element SyncPlan plan, OutputReceiver<ReadRange> output) {
    new CopyRanges(options).plan(plan, output::output);
  }
}
