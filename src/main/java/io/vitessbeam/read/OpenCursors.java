package io.vitessbeam.read;

import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;

/**
 * The cursors that wait between two calls of {@link ReadRangesFn}, for all copies of the function
 * in this JVM: a runner may give the next call to any of them.
 *
 * <p>Whoever uses it opens and closes it once; the last to close it ends what is left.
 */
final class OpenCursors {

  /** By read. Entries live from the first open to the last close. */
  private static final Map<String, OpenCursors> BY_READ = new HashMap<>();

  /** A cursor that nobody asks for was given up by the runner, and holds a server's resources. */
  private static final long IDLE_NANOS = Duration.ofMinutes(5).toNanos();

  private record Waiting(RangeCursor cursor, long sinceNanos) {}

  private final String read;
  private final Map<Integer, Waiting> waiting = new HashMap<>();
  private int users;

  private OpenCursors(String read) {
    this.read = read;
  }

  /**
   * @param read identifies the read among all of this JVM
   */
  static OpenCursors open(String read) {
    synchronized (BY_READ) {
      OpenCursors cursors = BY_READ.computeIfAbsent(read, OpenCursors::new);
      cursors.users++;
      return cursors;
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
      waiting.values().forEach(entry -> entry.cursor().close());
      waiting.clear();
    }
  }

  /** Takes the cursor of a range if it waits at just this position. */
  synchronized RangeCursor take(int range, RangePosition position) {
    Waiting entry = waiting.remove(range);
    if (entry == null) {
      return null;
    }
    if (!entry.cursor().position().equals(position)) {
      entry.cursor().close();
      return null;
    }
    return entry.cursor();
  }

  synchronized void park(int range, RangeCursor cursor) {
    long now = System.nanoTime();
    Iterator<Waiting> entries = waiting.values().iterator();
    while (entries.hasNext()) {
      Waiting entry = entries.next();
      if (now - entry.sinceNanos() > IDLE_NANOS) {
        entry.cursor().close();
        entries.remove();
      }
    }
    Waiting replaced = waiting.put(range, new Waiting(cursor, now));
    if (replaced != null) {
      replaced.cursor().close();
    }
  }
}
