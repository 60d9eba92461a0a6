package io.vitessbeam.write.load;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Does something again and again, in a thread of its own that keeps no JVM from ending. What it
 * does must not throw, or it is not done again. Safe for threads.
 */
public final class Heartbeat {

  private final Duration pause;
  private final Runnable beat;

  /** Null while it stands still. */
  private ScheduledExecutorService beats;

  /**
   * @param pause before each time
   * @param beat what is done
   */
  public Heartbeat(Duration pause, Runnable beat) {
    this.pause = pause;
    this.beat = beat;
  }

  /** Begins, unless it has. */
  public synchronized void start() {
    if (beats == null) {
      beats =
          Executors.newSingleThreadScheduledExecutor(
              task -> {
                Thread thread = new Thread(task, "vitess-beam-heartbeat");
                thread.setDaemon(true);
                return thread;
              });
      var unused =
          beats.scheduleWithFixedDelay(
              beat, pause.toMillis(), pause.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  /** Stands still until the next start; a beat that is under way is not waited for. */
  public synchronized void stop() {
    if (beats != null) {
      beats.shutdown();
      beats = null;
    }
  }
}
