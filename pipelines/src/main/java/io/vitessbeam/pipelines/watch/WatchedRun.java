package io.vitessbeam.pipelines.watch;

import io.vitessbeam.RunProgress;
import java.time.Duration;
import java.time.Instant;

/**
 * What is watched.
 *
 * @param source {@code keyspace.table}, or {@code keyspace}
 * @param destination never with a password
 * @param flushInterval the longest time between two flushes of a stream
 */
record WatchedRun(
    String source,
    String destination,
    Duration flushInterval,
    Instant started,
    RunProgress progress) {

  /** More lag than this is only fine while it falls. */
  Duration lagBound() {
    return Duration.ofMinutes(1).plus(flushInterval.multipliedBy(2));
  }
}
