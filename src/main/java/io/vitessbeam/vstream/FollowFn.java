package io.vitessbeam.vstream;

import io.vitessbeam.RunProgress;
import io.vitessbeam.connect.VitessCdcUri;
import io.vitessbeam.vstream.follow.ReaderLimits;
import io.vitessbeam.vstream.follow.ShardReader;
import io.vitessbeam.vstream.follow.StreamWaits;
import io.vitessbeam.vstream.position.ShardStream;
import io.vitessbeam.vstream.position.StreamPosition;
import io.vitessbeam.vstream.position.Successor;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.beam.sdk.transforms.DoFn.UnboundedPerElement;
import org.apache.beam.sdk.transforms.splittabledofn.RestrictionTracker;
import org.apache.beam.sdk.transforms.splittabledofn.RestrictionTracker.IsBounded;
import org.apache.beam.sdk.values.KV;

/**
 * Follows shards' streams until they are told to stop ({@link StreamStop}), their shard is
 * resharded, or they have no table left that can be followed. All of it goes to one place, which is
 * its key; no more than some megabytes of it are on their way there.
 *
 * <p>A table that can't be followed any more is told in the position.
 */
@UnboundedPerElement
public final class FollowFn extends StreamFn<KV<String, StreamedChanges>> {

  private static final long serialVersionUID = 1L;

  private static final org.joda.time.Duration PAUSE = org.joda.time.Duration.millis(100);

  /** Of those without changes. */
  private static final Duration POSITIONS_INTERVAL = Duration.ofSeconds(1);

  private final String place;
  private final String owner;
  private final long unappliedBytes;
  private final PlanWatch watch;

  /** When a position without changes was last given out, by shard. */
  private transient Map<String, Long> positionsNanos;

  /**
   * @param source where the streams come from; their keyspace need not be its own
   * @param runId under which progress is reported
   * @param read unique to this read of the run
   * @param place where the changes go
   * @param owner who may stop it, and whose changes are counted, see {@link Unapplied}
   * @param unappliedBytes that are given out ahead of what is applied
   */
  public FollowFn(
      VitessCdcUri source,
      String runId,
      String read,
      String place,
      String owner,
      long unappliedBytes,
      PlanWatch watch) {
    super(source, runId, read, Integer.MAX_VALUE, IsBounded.UNBOUNDED, false);
    this.place = place;
    this.owner = owner;
    this.unappliedBytes = unappliedBytes;
    this.watch = watch;
  }

  @Override
  @Setup
  public void setUp() {
    super.setUp();
    positionsNanos = new HashMap<>();
  }

  @ProcessElement
  public ProcessContinuation process(
      @Element ShardStream stream,
      RestrictionTracker<StreamPosition, StreamTracker.Claim> tracker,
      OutputReceiver<KV<String, StreamedChanges>> output)
      throws InterruptedException {
    StreamPosition from = tracker.currentRestriction();
    if (StreamStop.isRequested(owner)) {
      give(stream, tracker, from.finished(), "", output);
      return ProcessContinuation.stop();
    }
    if (Unapplied.of(owner).bytes() > unappliedBytes) {
      return ProcessContinuation.resume().withResumeDelay(PAUSE);
    }
    Optional<String> outdated = stream.index() == 0 ? watch.outdated() : Optional.empty();
    if (outdated.isPresent()) {
      give(stream, tracker, from, outdated.get(), output);
      return ProcessContinuation.resume().withResumeDelay(PAUSE);
    }
    return follow(stream, tracker, item -> give(stream, item, output));
  }

  /** Whoever gathers the changes has to know, though none came. */
  private void give(
      ShardStream stream,
      RestrictionTracker<StreamPosition, StreamTracker.Claim> tracker,
      StreamPosition after,
      String outdated,
      OutputReceiver<KV<String, StreamedChanges>> output) {
    if (tracker.tryClaim(new StreamTracker.Claim(after, 0))) {
      output.output(
          KV.of(
              place,
              new StreamedChanges(
                  stream.plan(), stream.shard(), List.of(), after, 0, 0, outdated)));
    }
  }

  private void give(
      ShardStream stream,
      ShardReader.Item item,
      OutputReceiver<KV<String, StreamedChanges>> output) {
    boolean last = isLast(item);
    if (item.blocks().isEmpty() && !last && !isDue(stream)) {
      // The next one says as much: a silent shard tells the time.
      return;
    }
    StreamedChanges changes =
        new StreamedChanges(
            stream.plan(),
            stream.shard(),
            item.blocks(),
            last ? item.after().finished() : item.after(),
            item.commitMillis(),
            item.timeMillis(),
            last && !areAllBroken(stream, item.after()) ? reshard(stream, item.after()) : "");
    Unapplied.of(owner).gave(stream.shard(), changes.bytes());
    output.output(KV.of(place, changes));
  }

  private boolean isDue(ShardStream stream) {
    long now = System.nanoTime();
    Long before = positionsNanos.get(stream.shard());
    if (before != null && now - before < POSITIONS_INTERVAL.toNanos()) {
      return false;
    }
    positionsNanos.put(stream.shard(), now);
    return true;
  }

  @Override
  ShardReader reader(ShardStream stream, StreamPosition from, ReaderLimits limits) {
    return ShardReader.tellingTime(source(), stream, from, limits, waits());
  }

  /** The streams are read where they are watched, if they are. */
  private StreamWaits waits() {
    return RunProgress.of(runId()).stream()::waits;
  }

  private static boolean areAllBroken(ShardStream stream, StreamPosition after) {
    return stream.tables().stream()
        .allMatch(table -> after.broken().containsKey(table.schema().table()));
  }

  private static String reshard(ShardStream stream, StreamPosition after) {
    String next =
        after.successors().stream().map(Successor::shard).collect(Collectors.joining(", "));
    return stream.describe()
        + " was resharded"
        + (next.isEmpty() ? ", into a shard with others" : " into " + next);
  }

  @Override
  boolean isLast(ShardReader.Item item) {
    return super.isLast(item) || !item.after().successors().isEmpty();
  }
}
