package io.vitessbeam.write.load;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The loads of this JVM into one kind of destination. All copies of a DoFn, on whatever threads,
 * meet here, so that a load is one object in a JVM. It begins when it is first asked for and lasts
 * until it is published or aborted, or until nobody has worked on it for long. Safe for threads.
 *
 * @param <K> what a load is known by
 * @param <L> the loads
 */
public final class JvmLoads<K, L extends JvmLoads.Load> {

  /** A load that several work on. */
  public interface Load {

    /** Whether it has begun and not ended. Takes no lock. */
    boolean isUnderWay();

    /**
     * Nobody works on it now. It may go on, be published or be aborted later; nobody gets it before
     * this returns.
     */
    void rest();

    /** Gives up: what it has staged goes, and the target stays as it is. */
    void abort();

    /** Nobody came back: it is left to others, to those who work on it elsewhere or to a sweep. */
    void leave();
  }

  private final LoadTimings timings;
  private final Map<K, L> loads = new HashMap<>();
  private final Map<K, Integer> leases = new HashMap<>();

  /** Since when nobody works on a load, by {@link System#nanoTime}. */
  private final Map<K, Long> resting = new HashMap<>();

  /** Loads that are on their way to rest, which nobody may have meanwhile. */
  private final Set<K> settling = new HashSet<>();

  private final Heartbeat look;

  public JvmLoads(LoadTimings timings) {
    this.timings = timings;
    this.look = new Heartbeat(timings.heartbeat(), this::leaveResting);
  }

  /** The load of this name, to be given back; begun if there is none. */
  public synchronized L acquire(K key, Function<K, L> begin) {
    awaitRest(key);
    leases.merge(key, 1, Integer::sum);
    resting.remove(key);
    return loads.computeIfAbsent(key, begin);
  }

  private void awaitRest(K key) {
    boolean interrupted = false;
    while (settling.contains(key)) {
      try {
        wait();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Gives a load back. When nobody has it, it rests. */
  public void release(K key, L load) {
    synchronized (this) {
      if (leases.computeIfPresent(key, (released, n) -> n == 1 ? null : n - 1) != null) {
        return;
      }
      if (!load.isUnderWay()) {
        loads.remove(key, load);
        return;
      }
      settling.add(key);
    }
    try {
      load.rest();
    } finally {
      settled(key, load);
    }
  }

  @SuppressWarnings("ReferenceEquality") // Another one of the same name is another load.
  private synchronized void settled(K key, L load) {
    settling.remove(key);
    if (loads.get(key) == load) {
      resting.put(key, System.nanoTime());
      look.start();
    }
    notifyAll();
  }

  /** Aborts loads, if this JVM has any of these. */
  public void abort(Predicate<K> which) {
    List<L> aborted = new ArrayList<>();
    synchronized (this) {
      loads.forEach(
          (key, load) -> {
            if (which.test(key)) {
              aborted.add(load);
            }
          });
    }
    aborted.forEach(Load::abort);
  }

  /** The names of all loads. */
  public synchronized Set<K> keys() {
    return Set.copyOf(loads.keySet());
  }

  /** Leaves loads to others on which nobody here has worked for long. */
  public void leaveResting() {
    Map<K, L> left = new HashMap<>();
    synchronized (this) {
      long now = System.nanoTime();
      resting.forEach(
          (key, since) -> {
            if (now - since >= timings.rest().toNanos()) {
              left.put(key, loads.remove(key));
            }
          });
      resting.keySet().removeAll(left.keySet());
      settling.addAll(left.keySet());
      if (resting.isEmpty()) {
        look.stop();
      }
    }
    try {
      left.values().forEach(Load::leave);
    } finally {
      synchronized (this) {
        settling.removeAll(left.keySet());
        notifyAll();
      }
    }
  }

  /** A load is over: whoever asks for its name next begins a new one. */
  public synchronized void ended(K key, L load) {
    if (loads.remove(key, load)) {
      resting.remove(key);
    }
  }
}
