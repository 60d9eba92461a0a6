package io.vitessbeam.write.stream;

import io.vitessbeam.EpochEndException;
import io.vitessbeam.SyncedTable;
import io.vitessbeam.TransientException;
import io.vitessbeam.progress.StreamMetrics;
import io.vitessbeam.read.Retry;
import io.vitessbeam.sync.SourceShards;
import io.vitessbeam.sync.SyncPlan;
import io.vitessbeam.vstream.StreamedChanges;
import io.vitessbeam.vstream.StreamedChangesCoder;
import io.vitessbeam.vstream.Unapplied;
import io.vitessbeam.write.Destination;
import io.vitessbeam.write.SyncSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.state.BagState;
import org.apache.beam.sdk.state.StateSpec;
import org.apache.beam.sdk.state.StateSpecs;
import org.apache.beam.sdk.state.TimeDomain;
import org.apache.beam.sdk.state.Timer;
import org.apache.beam.sdk.state.TimerSpec;
import org.apache.beam.sdk.state.TimerSpecs;
import org.apache.beam.sdk.state.ValueState;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollectionView;

/**
 * Gathers the changes of a run without an end in the runner's state, and applies them from time to
 * time. A flush that fails for a reason that may pass is tried again, for ten minutes at most;
 * meanwhile nothing more is taken. Takes the run's plan as a side input.
 */
public final class FlushChangesFn extends DoFn<KV<String, StreamedChanges>, SyncedTable> {

  private static final long serialVersionUID = 1L;

  private static final String WAITING = "waiting";
  private static final String GATHERED = "gathered";
  private static final String PLAN = "plan";
  private static final String FLUSH = "flush";

  private static final Duration PATIENCE = Duration.ofMinutes(10);

  /** Where nothing changed only the positions move, so that binary logs may be purged. */
  private static final Duration POSITIONS_INTERVAL = Duration.ofSeconds(30);

  /** Tables that can't go on wait no longer for the next plan. */
  private static final Duration WAITING_INTERVAL = Duration.ofMinutes(10);

  @StateId(WAITING)
  private final StateSpec<BagState<StreamedChanges>> waitingSpec =
      StateSpecs.bag(StreamedChangesCoder.of());

  @StateId(GATHERED)
  private final StateSpec<ValueState<Gathered>> gatheredSpec =
      StateSpecs.value(new GatheredCoder());

  /** A timer has no side inputs. */
  @StateId(PLAN)
  private final StateSpec<ValueState<SyncPlan>> planSpec =
      StateSpecs.value(SerializableCoder.of(SyncPlan.class));

  @TimerId(FLUSH)
  private final TimerSpec flushSpec = TimerSpecs.timer(TimeDomain.PROCESSING_TIME);

  private final SourceShards source;
  private final Destination destination;
  private final SyncSpec spec;
  private final FlushOptions options;
  private final PCollectionView<SyncPlan> plan;
  private final StreamMetrics metrics;

  private transient SyncPlan known;
  private transient long beganNanos;

  /**
   * @param plan of the run, as a side input
   */
  public FlushChangesFn(
      SourceShards source,
      Destination destination,
      SyncSpec spec,
      FlushOptions options,
      PCollectionView<SyncPlan> plan,
      StreamMetrics metrics) {
    this.source = source;
    this.destination = destination;
    this.spec = spec;
    this.options = options;
    this.plan = plan;
    this.metrics = metrics;
  }

  @Setup
  public void setUp() {
    beganNanos = System.nanoTime();
    Unapplied.of(spec.owner()).forget();
  }

  @ProcessElement
  public void process(
      ProcessContext context,
      @StateId(WAITING) BagState<StreamedChanges> waiting,
      @StateId(GATHERED) ValueState<Gathered> state,
      @StateId(PLAN) ValueState<SyncPlan> followed,
      @TimerId(FLUSH) Timer timer) {
    if (known(followed) == null) {
      known = context.sideInput(plan);
      followed.write(known);
    }
    StreamedChanges changes = context.element().getValue();
    Gathered before = read(state);
    if (!before.isOf(changes)) {
      throw new EpochEndException(
          "The job follows %s twice, once as it did before it was restored: start it without the savepoint"
              .formatted(spec.keyspace()));
    }
    if (before.hasAllBefore(changes)) {
      metrics.behind(changes.shard(), 0, changes.timeMillis());
      if (before.isAt(changes) && !changes.isUrgent()) {
        return;
      }
    }
    Gathered gathered = before.with(changes);
    waiting.add(changes);
    boolean full = gathered.rows() >= options.records() || gathered.bytes() >= options.bytes();
    long now = System.currentTimeMillis();
    // Beam's direct runner fires no timer of a function that always has something to do.
    boolean again = isTimeToPlanAgain();
    if (changes.isUrgent() || full || again || before.isDue(now)) {
      state.write(gathered);
      flush(known, waiting, state, context::output);
      timer.clear();
      if (again) {
        throw new EpochEndException("To see whether tables can go on: " + known.waiting());
      }
      return;
    }
    boolean first = gathered.rows() > 0 && before.rows() == 0;
    if (first || !before.isTimed()) {
      long wait = wait(gathered).toMillis();
      timer.offset(org.joda.time.Duration.millis(wait)).setRelative();
      gathered = gathered.dueAt(now + wait);
    }
    state.write(gathered);
  }

  private Duration wait(Gathered gathered) {
    return gathered.rows() > 0 || options.interval().compareTo(POSITIONS_INTERVAL) > 0
        ? options.interval()
        : POSITIONS_INTERVAL;
  }

  @OnTimer(FLUSH)
  public void onFlush(
      OnTimerContext context,
      @StateId(WAITING) BagState<StreamedChanges> waiting,
      @StateId(GATHERED) ValueState<Gathered> state,
      @StateId(PLAN) ValueState<SyncPlan> followed) {
    flush(known(followed), waiting, state, context::output);
  }

  /** There is one for all that this function is given. */
  private SyncPlan known(ValueState<SyncPlan> followed) {
    if (known == null) {
      known = followed.read();
    }
    return known;
  }

  private boolean isTimeToPlanAgain() {
    return !known.waiting().isEmpty()
        && System.nanoTime() - beganNanos > WAITING_INTERVAL.toNanos();
  }

  private static Gathered read(ValueState<Gathered> state) {
    Gathered gathered = state.read();
    return gathered == null ? Gathered.NOTHING : gathered;
  }

  private void flush(
      SyncPlan followed,
      BagState<StreamedChanges> waiting,
      ValueState<Gathered> state,
      Consumer<SyncedTable> output) {
    Gathered gathered = read(state);
    // Each read of a runner's state may decode all of it.
    List<StreamedChanges> all = new ArrayList<>();
    waiting.read().forEach(all::add);
    ChangesInOrder changes = ChangesInOrder.of(all, gathered);
    ChangeFlush flush = new ChangeFlush(newRun(), followed, changes.shards(), gathered);
    if (!changes.shards().isEmpty()) {
      apply(flush, gathered).forEach(output);
    }
    Map<String, Gathered.Applied> applied = new TreeMap<>();
    changes.shards().forEach((shard, ofShard) -> applied.put(shard, ofShard.applied()));
    Gathered after = gathered.after(applied, changes.left());
    waiting.clear();
    changes.left().forEach(waiting::add);
    state.write(after);
    report(all, changes);
    endEpochIfOutdated(flush, changes, followed, after);
  }

  private void report(List<StreamedChanges> all, ChangesInOrder changes) {
    Unapplied unapplied = Unapplied.of(spec.owner());
    all.forEach(each -> unapplied.applied(each.shard(), each.bytes()));
    changes
        .shards()
        .forEach(
            (shard, ofShard) ->
                metrics.shard(shard, ofShard.after().gtid(), ofShard.commitMillis()));
  }

  private void endEpochIfOutdated(
      ChangeFlush flush, ChangesInOrder changes, SyncPlan followed, Gathered applied) {
    if (!flush.broken().isEmpty()) {
      throw new EpochEndException(
          "Tables have to be copied again: " + String.join("; ", flush.broken().values()));
    }
    for (ChangesInOrder.OfShard shard : changes.shards().values()) {
      if (!shard.outdated().isEmpty()
          && (!shard.applied().resharded() || moved(followed, applied))) {
        throw new EpochEndException(shard.outdated());
      }
    }
  }

  private boolean moved(SyncPlan followed, Gathered applied) {
    ChangeFlush move = new ChangeFlush(newRun(), followed, Map.of(), applied);
    return Retry.patiently(
        "Moving to other shards", PATIENCE, () -> move.move(destination, source.serving()));
  }

  /** No two flushes share it: one that comes again may have other changes. */
  private SyncSpec newRun() {
    return spec.in(UUID.randomUUID().toString());
  }

  private List<SyncedTable> apply(ChangeFlush flush, Gathered gathered) {
    long began = System.nanoTime();
    List<SyncedTable> done = Retry.patiently("Applying changes", PATIENCE, () -> applied(flush));
    Duration took = Duration.ofNanos(System.nanoTime() - began);
    metrics.flushed(done, gathered.rows(), gathered.bytes(), took);
    return done;
  }

  private List<SyncedTable> applied(ChangeFlush flush) {
    try {
      return flush.apply(destination);
    } catch (TransientException e) {
      metrics.failed(e.getMessage());
      throw e;
    }
  }
}
