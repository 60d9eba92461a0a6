package io.vitessbeam.write.mysql;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * The loads of this JVM. All copies of a DoFn meet here, so that a load has one set of sessions in
 * a JVM. A load begins when it is first asked for and lasts until it is published or aborted,
 * wherever that happens; while somebody here works on it, and for a while after, this JVM keeps up
 * its heartbeat. Safe for threads.
 */
final class Loads {

  private static final int BEAT_SECONDS = 15;

  /**
   * For so long a load on which nobody works is kept alive: a runner may still have it published. A
   * JVM of a cluster is not told when its job has failed.
   */
  private static final Duration REST = Duration.ofMinutes(10);

  private static final Loads JVM = new Loads(REST);

  private final Duration rest;
  private final Map<LoadId, MysqlLoad> loads = new HashMap<>();
  private final Map<LoadId, Integer> leases = new HashMap<>();

  /** When the last one who worked on a load gave it back, by {@link System#nanoTime}. */
  private final Map<LoadId, Long> resting = new HashMap<>();

  private ScheduledExecutorService beats;

  Loads() {
    this(REST);
  }

  Loads(Duration rest) {
    this.rest = rest;
  }

  static Loads ofThisJvm() {
    return JVM;
  }

  /** The load of this name; to be given back with {@link MysqlLoad#release}. Opens nothing. */
  synchronized MysqlLoad acquire(LoadId id) {
    leases.merge(id, 1, Integer::sum);
    resting.remove(id);
    return loads.computeIfAbsent(id, newId -> new MysqlLoad(newId, this));
  }

  void release(MysqlLoad load) {
    synchronized (this) {
      if (leases.computeIfPresent(load.id(), (id, n) -> n == 1 ? null : n - 1) != null) {
        return;
      }
      if (!load.isOpen()) {
        loads.remove(load.id(), load);
        return;
      }
      resting.put(load.id(), System.nanoTime());
    }
    load.rest();
  }

  /** Aborts what is left of a run at a server; does nothing if this JVM has nothing of it. */
  void abort(Server server, String runId) {
    List<MysqlLoad> ofRun;
    synchronized (this) {
      ofRun =
          loads.values().stream()
              .filter(
                  load ->
                      load.id().server().equals(server) && load.id().spec().runId().equals(runId))
              .toList();
    }
    ofRun.forEach(MysqlLoad::abort);
  }

  /** A load has opened its sessions: its heart beats from now on. */
  synchronized void opened() {
    if (beats == null) {
      beats =
          Executors.newSingleThreadScheduledExecutor(
              task -> {
                Thread thread = new Thread(task, "vitess-beam-heartbeat");
                thread.setDaemon(true);
                return thread;
              });
      var unused =
          beats.scheduleWithFixedDelay(this::beat, BEAT_SECONDS, BEAT_SECONDS, TimeUnit.SECONDS);
    }
  }

  /** Keeps loads alive that somebody works on, or did lately. */
  void beat() {
    List<MysqlLoad> left = new ArrayList<>();
    List<MysqlLoad> kept;
    synchronized (this) {
      long now = System.nanoTime();
      resting.forEach(
          (id, since) -> {
            if (now - since >= rest.toNanos()) {
              left.add(loads.remove(id));
            }
          });
      left.forEach(load -> resting.remove(load.id()));
      kept = loads.values().stream().filter(MysqlLoad::isOpen).toList();
    }
    left.forEach(MysqlLoad::leave);
    kept.forEach(MysqlLoad::beat);
  }

  /** A load is over: whoever asks for its name next begins a new one. */
  synchronized void ended(MysqlLoad load) {
    loads.remove(load.id(), load);
    resting.remove(load.id());
    if (loads.isEmpty() && beats != null) {
      beats.shutdown();
      beats = null;
    }
  }
}
