package io.vitessbeam.write;

import java.util.UUID;
import org.apache.beam.sdk.transforms.DoFn;

/**
 * Draws the id of a run, when the pipeline runs. A job that a runner starts anew begins another
 * run: changes are applied once in whatever run they come, and it finds what the former one
 * published.
 */
public final class BeginSyncFn extends DoFn<byte[], String> {

  private static final long serialVersionUID = 1L;

  @ProcessElement
  public void process(OutputReceiver<String> output) {
    output.output(UUID.randomUUID().toString());
  }
}
