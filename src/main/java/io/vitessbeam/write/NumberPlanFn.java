package io.vitessbeam.write;

import java.util.concurrent.ThreadLocalRandom;
import org.apache.beam.sdk.transforms.DoFn;

/** Draws the number of a plan, when the pipeline runs: anew whenever a runner starts it anew. */
public final class NumberPlanFn extends DoFn<byte[], Long> {

  private static final long serialVersionUID = 1L;

  @ProcessElement
  public void process(OutputReceiver<Long> output) {
    output.output(ThreadLocalRandom.current().nextLong());
  }
}
