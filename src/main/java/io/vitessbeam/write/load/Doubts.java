package io.vitessbeam.write.load;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * Loads of others whose sign of life was found gone. One whose connection broke, or whose server
 * has another primary, gives its sign again in a moment: only what stays gone is dead. Safe for
 * threads.
 */
public final class Doubts {

  private final Duration patience;
  private final Map<String, Doubt> doubts = new HashMap<>();

  private record Doubt(String seen, long since) {}

  /**
   * @param patience for so long a sign is gone before its load is dead
   */
  public Doubts(Duration patience) {
    this.patience = patience;
  }

  /**
   * The sign of a load is gone.
   *
   * @param seen what else is known of the load; if that changes it lives
   * @return whether it is dead
   */
  public synchronized boolean isDead(String load, String seen) {
    Doubt doubt = doubts.get(load);
    if (doubt == null || !doubt.seen().equals(seen)) {
      doubts.put(load, new Doubt(seen, System.nanoTime()));
      return false;
    }
    return System.nanoTime() - doubt.since() >= patience.toNanos();
  }

  /** A load shows that it lives, or nothing is left of it. */
  public synchronized void end(String load) {
    doubts.remove(load);
  }

  public synchronized boolean has(String load) {
    return doubts.containsKey(load);
  }
}
