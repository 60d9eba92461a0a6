package io.vitessbeam.vstream;

import io.vitessbeam.TransientException;

/**
 * Judges whether a stream stands still while there is something to come. Only what comes from the
 * shard counts: vtgate sends heartbeats also while it has no tablet to stream from.
 */
final class Stall {

  private final ShardStream stream;
  private long lastEvents;
  private long sinceNanos = System.nanoTime();

  Stall(ShardStream stream) {
    this.stream = stream;
  }

  /**
   * Whether there was something from the shard since the last call.
   *
   * @param events how many of its events have come so far
   */
  boolean isProgress(long events) {
    if (events == lastEvents) {
      return false;
    }
    lastEvents = events;
    sinceNanos = System.nanoTime();
    return true;
  }

  /**
   * @throws TransientException if nothing came for too long
   */
  void check(StreamPosition position) {
    if (stream.until().isEmpty()) {
      return;
    }
    if (System.nanoTime() - sinceNanos > stream.stall().toNanos()) {
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
              + " purged, run with --full-refresh",
          null);
    }
  }
}
