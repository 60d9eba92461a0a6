package io.vitessbeam.vstream;

import io.vitessbeam.TransientException;

/**
 * Judges whether a stream stands still while there is something to come. Only what comes from the
 * shard counts: vtgate sends heartbeats also while it has no tablet to stream from.
 */
final class Stall {

  private final ShardStream stream;
  private long lastSteps;
  private long sinceNanos = System.nanoTime();

  Stall(ShardStream stream) {
    this.stream = stream;
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
  }

  /**
   * Fails if nothing came for too long.
   *
   * @param last why it failed last, null if it is open
   * @throws TransientException with the position
   */
  void check(StreamPosition position, TransientException last) {
    if (stream.until().isEmpty() || System.nanoTime() - sinceNanos <= stream.stall().toNanos()) {
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
            + stream.until()
            + " when the run began. Check that the shard's tablets serve; if its binary logs were"
            + " purged, run with --full-refresh"
            + (last == null ? "" : ". It failed last with: " + last.getMessage()),
        last);
  }
}
