package io.vitessbeam.write;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The loads of a JVM on which nobody works, and since when. For one thread at a time.
 *
 * @param <K> what loads are known by
 */
public final class RestingLoads<K> {

  /**
   * For so long a load on which nobody works is kept alive: a runner may still have it published. A
   * JVM of a cluster is not told when its job has failed.
   */
  public static final Duration PATIENCE = Duration.ofMinutes(10);

  private final Duration patience;

  /** When the last one who worked on a load gave it back, by {@link System#nanoTime}. */
  private final Map<K, Long> resting = new HashMap<>();

  /**
   * @param patience for how long a load is kept alive, {@link #PATIENCE} but in tests
   */
  public RestingLoads(Duration patience) {
    this.patience = patience;
  }

  /** Nobody works on a load from now on. */
  public void add(K load) {
    resting.put(load, System.nanoTime());
  }

  /** Somebody works on a load again, or it is over. */
  public void remove(K load) {
    resting.remove(load);
  }

  /** Gives the loads that have rested for too long, each once. */
  public List<K> takeLeft() {
    long now = System.nanoTime();
    List<K> left = new ArrayList<>();
    resting.forEach(
        (load, since) -> {
          if (now - since >= patience.toNanos()) {
            left.add(load);
          }
        });
    left.forEach(resting::remove);
    return left;
  }
}
