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

  /** A range among those of all tables that are read together. */
  private record Key(String table, long plan, int index) {

    static Key of(ReadPart range) {
      return new Key(range.request().name(), range.plan(), range.index());
    }
  }

  private record Waiting(ReadAhead reading, long sinceNanos) {}

  private final String read;
  private final Map<Key, Waiting> waiting = new HashMap<>();
  private int users;
  private boolean closed;

  /** Ranges that are admitted and not yet released, whether they wait or are in a call. */
  private int admitted;

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
      closed = true;
      waiting.values().forEach(entry -> entry.reading().close());
      waiting.clear();
    }
  }

  /**
   * Whether one more range may be read beside those that are: every one of them holds a connection
   * and what is read ahead of it. Who is admitted has to {@link #release} it, or to park it.
   */
  synchronized boolean admit(int most) {
    closeIdle();
    if (admitted >= most) {
      return false;
    }
    admitted++;
    return true;
  }

  synchronized void release() {
    admitted--;
  }

  /** Takes a range, which stays admitted, if it waits at just this position. */
  synchronized ReadAhead take(ReadPart range, RangePosition position) {
    Waiting entry = waiting.remove(Key.of(range));
    if (entry == null) {
      return null;
    }
    if (!entry.reading().position().equals(position)) {
      close(entry);
      return null;
    }
    return entry.reading();
  }

  /** Keeps a range for the next call; ends it if nobody is left to make one. */
  synchronized void park(ReadPart range, ReadAhead reading) {
    if (closed) {
      // A runner that is cancelled tears functions down while they are in a call.
      reading.close();
      return;
    }
    closeIdle();
    Waiting replaced = waiting.put(Key.of(range), new Waiting(reading, System.nanoTime()));
    if (replaced != null) {
      close(replaced);
    }
  }

  private void closeIdle() {
    long now = System.nanoTime();
    Iterator<Waiting> entries = waiting.values().iterator();
    while (entries.hasNext()) {
      Waiting entry = entries.next();
      if (now - entry.sinceNanos() > IDLE_NANOS) {
        close(entry);
        entries.remove();
      }
    }
  }

  private void close(Waiting entry) {
    entry.reading().close();
    admitted--;
  }
}
