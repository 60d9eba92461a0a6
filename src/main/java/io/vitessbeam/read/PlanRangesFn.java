package io.vitessbeam.read;

import org.apache.beam.sdk.transforms.DoFn;

/** Plans the ranges of a read when the pipeline runs, not when it is built. */
public final class PlanRangesFn extends DoFn<PlannedRead, ReadPart> {

  private static final long serialVersionUID = 1L;

  @ProcessElement
  public void process(@Element PlannedRead request, OutputReceiver<ReadPart> output) {
    request.plan().forEach(output::output);
  }
}
