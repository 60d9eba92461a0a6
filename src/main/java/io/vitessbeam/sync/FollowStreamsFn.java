package io.vitessbeam.sync;

import io.vitessbeam.EpochEndException;
import io.vitessbeam.vstream.position.ShardStream;
import org.apache.beam.sdk.transforms.DoFn;

/**
 * Gives the streams of a run without an end: one per shard, of all tables, from where the
 * destination has them.
 */
public final class FollowStreamsFn extends DoFn<SyncPlan, ShardStream> {

  private static final long serialVersionUID = 1L;

  private final SyncOptions options;

  public FollowStreamsFn(SyncOptions options) {
    this.options = options;
  }

  /**
   * Opens nothing yet.
   *
   * @throws EpochEndException if a table can't be followed from where it is
   */
  @ProcessElement
  public void process(@Element SyncPlan plan, OutputReceiver<ShardStream> output) {
    for (TablePlan table : plan.tables()) {
      if (table.copies()) {
        throw new EpochEndException(
            table.schema().qualifiedName() + " has to be copied: " + table.reason());
      }
    }
    new RoundStreams(options, plan).followForever().forEach(output::output);
  }
}
