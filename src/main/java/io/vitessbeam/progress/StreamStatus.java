package io.vitessbeam.progress;

import io.vitessbeam.SyncedTable;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

/**
 * What a stream's functions report, and {@link #snapshot} shows. Tables are called {@code
 * keyspace.table}.
 *
 * <p>For any thread. A call costs well below a microsecond and waits for no more than another such
 * call; it keeps one small record per table and shard, and a few of the last epochs.
 */
public final class StreamStatus {

  private static final int MOST_EPOCHS = 20;

  /** Longer ones hold a statement or a stack of causes, which the log has. */
  private static final int LONGEST_MESSAGE = 2_000;

  private final Clock clock;
  private final Map<String, TableStatus> tables = new ConcurrentHashMap<>();
  private final Map<String, ShardStatus> shards = new ConcurrentHashMap<>();
  private final Totals totals = new Totals();

  /** What changes together; guarded by itself. */
  private static final class Totals {
    private long flushes;
    private long rows;
    private long bytes;
    private Duration time = Duration.ZERO;
    private long epochs;
    private boolean failing;
    private long failures;
    private Optional<StreamSnapshot.Flush> lastFlush = Optional.empty();
    private Optional<StreamSnapshot.Failure> lastFailure = Optional.empty();
    private final Deque<StreamSnapshot.Epoch> recentEpochs = new ArrayDeque<>();
  }

  public StreamStatus() {
    this(Clock.systemUTC());
  }

  public StreamStatus(Clock clock) {
    this.clock = clock;
  }

  /** A plan is made, at the start and whenever the one before no longer fits. */
  public void epoch(String reason) {
    synchronized (totals) {
      totals.epochs++;
      totals.recentEpochs.add(new StreamSnapshot.Epoch(totals.epochs, clock.instant(), reason));
      if (totals.recentEpochs.size() > MOST_EPOCHS) {
        totals.recentEpochs.remove();
      }
    }
  }

  /**
   * The tables and shards of a plan: others are forgotten, with all that was counted of them. What
   * failed before is overcome.
   */
  public void planned(Collection<String> plannedTables, Collection<String> plannedShards) {
    tables.keySet().retainAll(plannedTables);
    shards.keySet().retainAll(plannedShards);
    plannedShards.forEach(shard -> shards.putIfAbsent(shard, ShardStatus.UNKNOWN));
    plannedShards.forEach(shard -> waits(shard, ""));
    synchronized (totals) {
      totals.failing = false;
    }
  }

  public void copying(String table) {
    state(table, TableStatus.State.COPYING, "");
  }

  public void following(String table) {
    state(table, TableStatus.State.FOLLOWING, "");
  }

  /**
   * The table stands still until the next epoch.
   *
   * @param reason for people
   */
  public void waiting(String table, String reason) {
    state(table, TableStatus.State.WAITING, shortened(reason));
  }

  private void state(String table, TableStatus.State state, String reason) {
    Instant now = clock.instant();
    tables.compute(
        table,
        (name, before) ->
            before == null ? TableStatus.begin(state, reason, now) : before.in(state, reason, now));
  }

  /**
   * Something was applied, and is durable in the destination.
   *
   * @param changed what was done to each table; others are unchanged
   * @param rows changes as they came, before those of one key are merged
   * @param took from the first statement to the end of the last
   */
  public void flushed(List<SyncedTable> changed, long rows, long bytes, Duration took) {
    Instant now = clock.instant();
    for (SyncedTable table : changed) {
      tables.compute(
          table.source(),
          (name, before) ->
              (before == null ? TableStatus.begin(TableStatus.State.FOLLOWING, "", now) : before)
                  .plus(table, now));
    }
    synchronized (totals) {
      totals.flushes++;
      totals.rows += rows;
      totals.bytes += bytes;
      totals.time = totals.time.plus(took);
      totals.failing = false;
      totals.lastFlush = Optional.of(new StreamSnapshot.Flush(now, rows, bytes, took));
    }
  }

  /**
   * The destination has all of a shard up to a position.
   *
   * @param commitMillis when its last transaction was committed, since 1970; 0 if that is unknown
   */
  public void shard(String shard, String gtid, long commitMillis) {
    update(shard, before -> before.at(gtid, commitMillis));
  }

  /**
   * A shard's primary was asked what it has executed.
   *
   * @param transactions how many of these the destination lacks; 0 says that it has all that was
   *     committed until then
   * @param atMillis when it was asked, since 1970
   */
  public void behind(String shard, long transactions, long atMillis) {
    update(shard, before -> before.asked(transactions, atMillis));
  }

  private void update(String shard, UnaryOperator<ShardStatus> change) {
    shards.compute(
        shard, (name, before) -> change.apply(before == null ? ShardStatus.UNKNOWN : before));
  }

  /**
   * Nothing comes of a shard that is followed.
   *
   * @param reason for people, without secrets; empty when something may come again
   */
  public void waits(String shard, String reason) {
    shards.computeIfPresent(shard, (name, before) -> before.waitedFor(shortened(reason)));
  }

  /** A shard is followed no longer: others have taken its rows. */
  public void left(String shard) {
    shards.remove(shard);
  }

  /**
   * Something went wrong, whether it is tried again or not.
   *
   * @param message for people, without secrets
   */
  public void failed(String message) {
    StreamSnapshot.Failure failure =
        new StreamSnapshot.Failure(clock.instant(), shortened(message));
    synchronized (totals) {
      totals.failing = true;
      totals.failures++;
      totals.lastFailure = Optional.of(failure);
    }
  }

  private static String shortened(String message) {
    return message.length() <= LONGEST_MESSAGE
        ? message
        : message.substring(0, LONGEST_MESSAGE) + "…";
  }

  /** How it stands now. */
  public StreamSnapshot snapshot() {
    synchronized (totals) {
      return new StreamSnapshot(
          new TreeMap<>(tables),
          new TreeMap<>(shards),
          totals.flushes,
          totals.rows,
          totals.bytes,
          totals.time,
          totals.lastFlush,
          totals.epochs,
          List.copyOf(totals.recentEpochs),
          totals.failing,
          totals.failures,
          totals.lastFailure);
    }
  }
}
