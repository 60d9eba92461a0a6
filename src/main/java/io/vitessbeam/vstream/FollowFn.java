package io.vitessbeam.vstream;

import io.vitessbeam.connect.VitessCdcUri;
import io.vitessbeam.vstream.follow.ShardReader;
import io.vitessbeam.vstream.position.ShardStream;
import io.vitessbeam.vstream.position.StreamPosition;
import java.util.List;
import org.apache.beam.sdk.transforms.DoFn.UnboundedPerElement;
import org.apache.beam.sdk.transforms.splittabledofn.RestrictionTracker;
import org.apache.beam.sdk.transforms.splittabledofn.RestrictionTracker.IsBounded;
import org.apache.beam.sdk.values.KV;

/**
 * Follows shards' streams until they are told to stop ({@link StreamStop}), or have no table left
 * that can be followed. All of it goes to one place, which is its key.
 *
 * <p>A table that can't be followed any more is told in the position.
 */
@UnboundedPerElement
public final class FollowFn extends StreamFn<KV<String, StreamedChanges>> {

  private static final long serialVersionUID = 1L;

  private final String place;
  private final String owner;

  /**
   * @param source where the streams come from; their keyspace need not be its own
   * @param runId under which progress is reported
   * @param read unique to this read of the run
   * @param place where the changes go
   * @param owner who may stop it
   */
  public FollowFn(VitessCdcUri source, String runId, String read, String place, String owner) {
    super(source, runId, read, Integer.MAX_VALUE, IsBounded.UNBOUNDED, false);
    this.place = place;
    this.owner = owner;
  }

  @ProcessElement
  public ProcessContinuation process(
      @Element ShardStream stream,
      RestrictionTracker<StreamPosition, StreamTracker.Claim> tracker,
      OutputReceiver<KV<String, StreamedChanges>> output)
      throws InterruptedException {
    if (StreamStop.isRequested(owner)) {
      StreamPosition end = tracker.currentRestriction().finished();
      if (tracker.tryClaim(new StreamTracker.Claim(end, 0))) {
        // Whoever gathers changes sees that no more come.
        output.output(KV.of(place, new StreamedChanges(stream.shard(), List.of(), end, 0)));
      }
      return ProcessContinuation.stop();
    }
    return follow(
        stream, tracker, item -> output.output(KV.of(place, changes(stream.shard(), item))));
  }

  private static StreamedChanges changes(String shard, ShardReader.Item item) {
    StreamPosition after = item.end() == null ? item.after() : item.after().finished();
    return new StreamedChanges(shard, item.blocks(), after, item.commitMillis());
  }
}
