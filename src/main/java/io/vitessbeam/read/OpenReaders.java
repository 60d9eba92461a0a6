package io.vitessbeam.read;

import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * The readers of a read that are open in this JVM, for all copies of its function: a runner may
 * give the next call to any of them. Between two calls a reader waits here. One that nobody asks
 * for was given up by the runner, and holds a server's resources: it is ended after some minutes.
 *
 * <p>Whoever uses it opens and closes it once; the last to close it ends what is left. For any
 * thread.
 *
 * @param <R> the readers
 */
public final class OpenReaders<R extends OpenReader> implements AutoCloseable {

  /** By read. Entries live from the first open to the last close. */
  private static final Map<String, OpenReaders<?>> BY_READ = new HashMap<>();

  private static final Duration IDLE = Duration.ofMinutes(5);

  private record Waiting<R>(R reader, long sinceNanos) {}

  private final String read;
  private final Duration idle;
  private final Map<Object, Waiting<R>> waiting = new HashMap<>();

  /** Ends idle readers; its thread begins with the first one that waits. */
  private final ScheduledExecutorService reaper =
      Executors.newSingleThreadScheduledExecutor(OpenReaders::reaperThread);

  private boolean reaping;
  private int users;
  private boolean closed;

  /** Readers that wait or are in a call. */
  private int open;

  private OpenReaders(String read, Duration idle) {
    this.read = read;
    this.idle = idle;
  }

  private static Thread reaperThread(Runnable work) {
    Thread thread = new Thread(work, "vitess-idle");
    thread.setDaemon(true);
    return thread;
  }

  /**
   * The open readers of a read.
   *
   * @param read identifies the read, and so the kind of its readers, among all of this JVM
   */
  public static <R extends OpenReader> OpenReaders<R> open(String read) {
    return open(read, IDLE);
  }

  /**
   * @param idle for how long a reader waits at least before it is ended, given by the first to open
   */
  @SuppressWarnings("unchecked") // A read has one kind of readers.
  static <R extends OpenReader> OpenReaders<R> open(String read, Duration idle) {
    synchronized (BY_READ) {
      OpenReaders<R> readers =
          (OpenReaders<R>) BY_READ.computeIfAbsent(read, any -> new OpenReaders<>(any, idle));
      readers.users++;
      return readers;
    }
  }

  @Override
  public void close() {
    synchronized (BY_READ) {
      if (--users > 0) {
        return;
      }
      BY_READ.remove(read);
    }
    synchronized (this) {
      closed = true;
      waiting.values().forEach(entry -> end(entry.reader()));
      waiting.clear();
      reaper.shutdownNow();
    }
  }

  /**
   * Opens one more reader beside those that are, unless they are too many: every one of them holds
   * a connection and what it has read ahead. Who opens it has to {@link #park} or to {@link #end}
   * it.
   *
   * @return null if it isn't the reader's turn
   */
  public synchronized R open(int most, Supplier<R> opener) {
    if (open >= most) {
      return null;
    }
    R reader = opener.get();
    open++;
    return reader;
  }

  /** Takes a reader if it waits at just this position; who takes it has to park or to end it. */
  public synchronized R take(Object key, Object position) {
    Waiting<R> entry = waiting.remove(key);
    if (entry == null) {
      return null;
    }
    if (!entry.reader().position().equals(position)) {
      end(entry.reader());
      return null;
    }
    return entry.reader();
  }

  /** The reader that waits, which stays where it is; null if none does. */
  public synchronized R peek(Object key) {
    Waiting<R> entry = waiting.get(key);
    return entry == null ? null : entry.reader();
  }

  /** How many readers wait. */
  public synchronized int waiting() {
    return waiting.size();
  }

  /** Keeps a reader for the next call; ends it if nobody is left to make one. */
  public synchronized void park(Object key, R reader) {
    if (closed) {
      // A runner that is cancelled tears functions down while they are in a call.
      end(reader);
      return;
    }
    Waiting<R> replaced = waiting.put(key, new Waiting<>(reader, System.nanoTime()));
    if (replaced != null) {
      end(replaced.reader());
    }
    reapLater();
  }

  /** Ends a reader that was taken or opened. */
  public synchronized void end(R reader) {
    open--;
    reader.close();
  }

  private void reapLater() {
    if (!reaping) {
      reaping = true;
      long nanos = Math.max(1, idle.toNanos() / 2);
      Future<?> unused = reaper.schedule(this::reap, nanos, TimeUnit.NANOSECONDS);
    }
  }

  private synchronized void reap() {
    reaping = false;
    long now = System.nanoTime();
    Iterator<Waiting<R>> entries = waiting.values().iterator();
    while (entries.hasNext()) {
      Waiting<R> entry = entries.next();
      // What no other reader could go on with is asked for in this JVM or nowhere.
      if (entry.reader().resumable() && now - entry.sinceNanos() > idle.toNanos()) {
        end(entry.reader());
        entries.remove();
      }
    }
    if (!closed && !waiting.isEmpty()) {
      reapLater();
    }
  }
}
