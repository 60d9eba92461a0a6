package io.vitessbeam.vstream.follow;

/**
 * Counts what a stream brings that it never brought before. A stream that breaks in the same
 * transaction each time makes none, however often its begin comes again. For one thread.
 */
public final class StreamProgress {

  private long steps;

  /** Events of the transaction under way, now and at most in all tries. */
  private long events;

  private long mostEvents;

  /** An event of the transaction under way came. */
  void event() {
    if (++events > mostEvents) {
      mostEvents = events;
      steps++;
    }
  }

  /** The transaction under way begins anew. */
  void restart() {
    events = 0;
  }

  /** The position moved. */
  void moved() {
    events = 0;
    mostEvents = 0;
    steps++;
  }

  long steps() {
    return steps;
  }
}
