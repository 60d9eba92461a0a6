package io.vitessbeam.sync;

import io.vitessbeam.vstream.position.ShardStream;
import org.apache.beam.sdk.transforms.DoFn;

/** The streams that copy the tables of a round, one per shard and table. */
public final class CopyStreamsFn extends DoFn<SyncPlan, ShardStream> {

  private static final long serialVersionUID = 1L;

  private final SyncOptions options;

  public CopyStreamsFn(SyncOptions options) {
    this.options = options;
  }

  @ProcessElement
  public void process(@Element SyncPlan plan, OutputReceiver<ShardStream> output) {
    new RoundStreams(options, plan).copy().forEach(output::output);
  }
}
