package io.vitessbeam.write.mysql;

import io.vitessbeam.write.Heartbeat;
import io.vitessbeam.write.RestingLoads;
import io.vitessbeam.write.load.LoadId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The loads of this JVM. All copies of a DoFn meet here, so that a load has one set of sessions in
 * a JVM. A load begins when it is first asked for and lasts until it is published or aborted,
 * wherever that happens; while somebody here works on it, and for a while after, this JVM keeps up
 * its heartbeat. Safe for threads.
 */
final class Loads {

  private static final Loads JVM = new Loads();

  private final Map<LoadId<Server>, MysqlLoad> loads = new HashMap<>();
  private final Map<LoadId<Server>, Integer> leases = new HashMap<>();
  private final RestingLoads<LoadId<Server>> resting;
  private final Heartbeat heartbeat = new Heartbeat(this::beat);

  Loads() {
    this(RestingLoads.PATIENCE);
  }

  /**
   * @param patience with loads on which nobody works
   */
  Loads(Duration patience) {
    this.resting = new RestingLoads<>(patience);
  }

  static Loads ofThisJvm() {
    return JVM;
  }

  /** The load of this name; to be given back with {@link MysqlLoad#release}. Opens nothing. */
  synchronized MysqlLoad acquire(LoadId<Server> id) {
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
      resting.add(load.id());
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
                      load.id().place().equals(server) && load.id().spec().runId().equals(runId))
              .toList();
    }
    ofRun.forEach(MysqlLoad::abort);
  }

  /** A load has opened its sessions: its heart beats from now on. */
  void opened() {
    heartbeat.start();
  }

  /** Keeps loads alive that somebody works on, or did lately. */
  void beat() {
    List<MysqlLoad> left = new ArrayList<>();
    List<MysqlLoad> kept;
    synchronized (this) {
      resting.takeLeft().forEach(id -> left.add(loads.remove(id)));
      kept = loads.values().stream().filter(MysqlLoad::isOpen).toList();
    }
    left.forEach(MysqlLoad::leave);
    kept.forEach(MysqlLoad::beat);
  }

  /** A load is over: whoever asks for its name next begins a new one. */
  synchronized void ended(MysqlLoad load) {
    loads.remove(load.id(), load);
    resting.remove(load.id());
    if (loads.isEmpty()) {
      heartbeat.stop();
    }
  }
}
