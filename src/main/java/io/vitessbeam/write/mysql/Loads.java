package io.vitessbeam.write.mysql;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * The loads of this JVM. All copies of a DoFn meet here, so that a load has one set of sessions in
 * a JVM. A load begins when it is first asked for and lasts until it is published or aborted,
 * wherever that happens; while it lasts this JVM keeps up its heartbeat. Safe for threads.
 */
final class Loads {

  private static final int BEAT_SECONDS = 15;
  private static final Loads JVM = new Loads();

  private final Map<LoadId, MysqlLoad> loads = new HashMap<>();
  private final Map<LoadId, Integer> leases = new HashMap<>();
  private ScheduledExecutorService beats;

  static Loads ofThisJvm() {
    return JVM;
  }

  /** The load of this name; to be given back with {@link MysqlLoad#release}. Opens nothing. */
  synchronized MysqlLoad acquire(LoadId id) {
    leases.merge(id, 1, Integer::sum);
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

  private void beat() {
    List<MysqlLoad> open;
    synchronized (this) {
      open = loads.values().stream().filter(MysqlLoad::isOpen).toList();
    }
    open.forEach(MysqlLoad::beat);
  }

  /** A load is over: whoever asks for its name next begins a new one. */
  synchronized void ended(MysqlLoad load) {
    loads.remove(load.id(), load);
    if (loads.isEmpty() && beats != null) {
      beats.shutdown();
      beats = null;
    }
  }
}
