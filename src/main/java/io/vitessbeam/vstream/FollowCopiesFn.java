package io.vitessbeam.vstream;

import io.vitessbeam.vstream.follow.StreamEnd;
import io.vitessbeam.vstream.position.ShardStream;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;

/** Gives the stream that follows a shard's tables, when all of them are copied. */
public final class FollowCopiesFn extends DoFn<KV<String, Iterable<StreamEnd>>, ShardStream> {

  private static final long serialVersionUID = 1L;

  private final StreamPlan plan;

  public FollowCopiesFn(StreamPlan plan) {
    this.plan = plan;
  }

  @ProcessElement
  public void process(
      @Element KV<String, Iterable<StreamEnd>> shard, OutputReceiver<ShardStream> output) {
    output.output(plan.following(shard.getKey(), shard.getValue()));
  }
}
