package io.vitessbeam.vstream;

import io.vitessbeam.TransientException;
import java.util.function.Supplier;

/**
 * Judges whether a stream stands still while there is something to come. Only what comes from the
 * shard counts: vtgate sends heartbeats also while it has no tablet to stream from.
 */
final class Stall {

  private final ShardStream stream;
  private final Supplier<GtidSet> executed;

  /** What an endless stream has to reach, when it has been asked for; null before that. */
  private GtidSet goal;

  private long lastSteps;
  private long sinceNanos = System.nanoTime();

  /**
   * @param executed asks the shard for its executed transactions; only for a stream without an end
   */
  Stall(ShardStream stream, Supplier<GtidSet> executed) {
    this.stream = stream;
    this.executed = executed;
  }

  private boolean isBehind(StreamPosition position) {
    if (!stream.until().isEmpty()) {
      return true;
    }
    GtidSet before = goal;
    if (before == null) {
      GtidSet now = executed.get();
      restart();
      goal = now;
      return false;
    }
    if (!position.gtid().isEmpty() && GtidSet.parse(position.gtid()).contains(before)) {
      restart();
      return false;
    }
    return true;
  }

  /**
   * Whether there was something new from the shard since the last call.
   *
   * @param steps see {@link Progress#steps}
   */
  boolean isProgress(long steps) {
    if (steps == lastSteps) {
      return false;
    }
    lastSteps = steps;
    restart();
    return true;
  }

  /** To be called when the stream was not read for a while. */
  void restart() {
    sinceNanos = System.nanoTime();
    goal = null;
  }

  /**
   * Fails if nothing came for too long. A stream without an end may be silent for as long as its
   * shard is: what the shard has executed when the time is over has to come in the same time again.
   *
   * @param last why it failed last, null if it is open
   * @throws TransientException with the position
   */
  void check(StreamPosition position, TransientException last) {
    if (System.nanoTime() - sinceNanos <= stream.stall().toNanos() || !isBehind(position)) {
      return;
    }
    throw new TransientException(
        "Streaming "
            + stream.describe()
            + " has stood still for "
            + stream.stall().toSeconds()
            + " s at "
            + (position.gtid().isEmpty() ? "the begin of its copy" : position.gtid())
            + ", while the shard was at "
            + (stream.until().isEmpty()
                ? goal + " already"
                : stream.until() + " when the run began")
            + ". Check that the shard's tablets serve; if its binary logs were"
            + " purged, run with --full-refresh"
            + (last == null ? "" : ". It failed last with: " + last.getMessage()),
        last);
  }
}
