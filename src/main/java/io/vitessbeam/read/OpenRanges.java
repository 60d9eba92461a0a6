package io.vitessbeam.read;

import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;

/**
 * The ranges that wait between two calls of {@link ReadRangesFn}, for all copies of the function in
 * this JVM: a runner may give the next call to any of them.
 *
 * <p>Whoever uses it opens and closes it once; the last to close it ends what is left.
 */
final class OpenRanges {

  /** By read. Entries live from the first open to the last close. */
  private static final Map<String, OpenRanges> BY_READ = new HashMap<>();

  /** A range that nobody asks for was given up by the runner, and holds a server's resources. */
  private static final long IDLE_NANOS = Duration.ofMinutes(5).toNanos();

  private record Waiting(ReadAhead reading, long sinceNanos) {}

  private final String read;
  private final Map<Integer, Waiting> waiting = new HashMap<>();
  private int users;

  private OpenRanges(String read) {
    this.read = read;
  }

  /**
   * @param read identifies the read among all of this JVM
   */
  static OpenRanges open(String read) {
    synchronized (BY_READ) {
      OpenRanges ranges = BY_READ.computeIfAbsent(read, OpenRanges::new);
      ranges.users++;
      return ranges;
    }
  }

  void close() {
    synchronized (BY_READ) {
      if (--users > 0) {
        return;
      }
      BY_READ.remove(read);
    }
    synchronized (this) {
      waiting.values().forEach(entry -> entry.reading().close());
      waiting.clear();
    }
  }

  /** Takes a range if it waits at just this position. */
  synchronized ReadAhead take(int range, RangePosition position) {
    Waiting entry = waiting.remove(range);
    if (entry == null) {
      return null;
    }
    if (!entry.reading().position().equals(position)) {
      entry.reading().close();
      return null;
    }
    return entry.reading();
  }

  synchronized void park(int range, ReadAhead reading) {
    long now = System.nanoTime();
    Iterator<Waiting> entries = waiting.values().iterator();
    while (entries.hasNext()) {
      Waiting entry = entries.next();
      if (now - entry.sinceNanos() > IDLE_NANOS) {
        entry.reading().close();
        entries.remove();
      }
    }
    Waiting replaced = waiting.put(range, new Waiting(reading, now));
    if (replaced != null) {
      replaced.reading().close();
    }
  }
}
