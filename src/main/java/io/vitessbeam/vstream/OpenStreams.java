package io.vitessbeam.vstream;

import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;

/**
 * The streams that wait between two calls of a {@link StreamFn}, for all copies of the function in
 * this JVM: a runner may give the next call to any of them.
 *
 * <p>Whoever uses it opens and closes it once; the last to close it ends what is left.
 */
final class OpenStreams {

  /** By read. Entries live from the first open to the last close. */
  private static final Map<String, OpenStreams> BY_READ = new HashMap<>();

  /** A stream that nobody asks for was given up by the runner, and vtgate buffers for it. */
  private static final Duration IDLE = Duration.ofMinutes(5);

  /** What tells the streams of a read apart; a plan of another attempt may have other tables. */
  private record Key(int round, long plan, int index, String shard) {

    static Key of(ShardStream stream) {
      return new Key(stream.round(), stream.plan(), stream.index(), stream.shard());
    }
  }

  private record Waiting(ShardReader reader, long sinceNanos) {}

  private final String read;
  private final Map<Key, Waiting> waiting = new HashMap<>();
  private int users;
  private boolean closed;

  private OpenStreams(String read) {
    this.read = read;
  }

  /**
   * @param read identifies the read among all of this JVM
   */
  static OpenStreams open(String read) {
    synchronized (BY_READ) {
      OpenStreams streams = BY_READ.computeIfAbsent(read, OpenStreams::new);
      streams.users++;
      return streams;
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
      waiting.values().forEach(entry -> entry.reader().close());
      waiting.clear();
    }
  }

  /** Takes the stream's reader if it waits at just this position. */
  synchronized ShardReader take(ShardStream stream, StreamPosition position) {
    Waiting entry = waiting.remove(Key.of(stream));
    if (entry == null) {
      return null;
    }
    if (!entry.reader().position().equals(position)) {
      entry.reader().close();
      return null;
    }
    return entry.reader();
  }

  /** How many streams wait. */
  synchronized int waiting() {
    return waiting.size();
  }

  /** Keeps a reader for the next call; ends it if nobody is left to make one. */
  synchronized void park(ShardStream stream, ShardReader reader) {
    if (closed) {
      // A runner that is cancelled tears functions down while they are in a call.
      reader.close();
      return;
    }
    endIdle(IDLE);
    Waiting replaced = waiting.put(Key.of(stream), new Waiting(reader, System.nanoTime()));
    if (replaced != null) {
      replaced.reader().close();
    }
  }

  synchronized void endIdle(Duration idle) {
    long now = System.nanoTime();
    Iterator<Waiting> entries = waiting.values().iterator();
    while (entries.hasNext()) {
      Waiting entry = entries.next();
      if (now - entry.sinceNanos() > idle.toNanos()) {
        entry.reader().close();
        entries.remove();
      }
    }
  }
}
