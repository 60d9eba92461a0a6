package io.vitessbeam.write.postgresql;

import io.vitessbeam.connect.PostgresqlUri;
import io.vitessbeam.write.Heartbeat;
import io.vitessbeam.write.RestingLoads;
import io.vitessbeam.write.load.LoadId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The loads of this JVM, at which all copies of a DoFn meet. A load begins when the first DoFn asks
 * for it and ends when it is published or aborted here, or when nobody has worked on it for a
 * while. What still runs when the JVM ends is left to the next load into the same schema: a JVM of
 * a cluster can't tell whether others go on. Safe for threads.
 */
final class Loads {

  private static final Loads JVM = new Loads();

  private final Map<LoadId<PostgresqlUri>, TableLoad> loads = new HashMap<>();
  private final Map<LoadId<PostgresqlUri>, Integer> leases = new HashMap<>();
  private final Set<TableLoad> opened = new HashSet<>();
  private final Map<Run, SignOfLife> signs = new HashMap<>();
  private final RestingLoads<LoadId<PostgresqlUri>> resting;
  private final Heartbeat heartbeat = new Heartbeat(this::beat);

  private record Run(PostgresqlUri uri, String id) {
    static Run of(LoadId<PostgresqlUri> load) {
      return new Run(load.place(), load.spec().runId());
    }
  }

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

  /** The load of this name; to be given back with {@link #release}. Opens nothing. */
  synchronized TableLoad acquire(LoadId<PostgresqlUri> id) {
    leases.merge(id, 1, Integer::sum);
    resting.remove(id);
    SignOfLife alive = signs.computeIfAbsent(Run.of(id), run -> new SignOfLife(run.uri()));
    return loads.computeIfAbsent(id, newId -> new TableLoad(newId, this, alive));
  }

  /** Gives a load back. When nobody holds it, it rests. */
  void release(TableLoad load) {
    synchronized (this) {
      if (leases.computeIfPresent(load.id(), (id, n) -> n == 1 ? null : n - 1) != null) {
        return;
      }
      if (opened.contains(load)) {
        resting.add(load.id());
      } else {
        forget(load);
      }
    }
    load.rest();
  }

  /** Aborts what is left of a run in a database; does nothing if this JVM has nothing of it. */
  void abort(PostgresqlUri uri, String runId) {
    List<TableLoad> ofRun = new ArrayList<>();
    synchronized (this) {
      loads.forEach(
          (id, load) -> {
            if (id.place().equals(uri) && id.spec().runId().equals(runId)) {
              ofRun.add(load);
            }
          });
    }
    ofRun.forEach(TableLoad::abort);
  }

  /** A load has begun to leave traces. */
  synchronized void opened(TableLoad load) {
    opened.add(load);
    heartbeat.start();
  }

  /** Leaves loads to others on which nobody here has worked for long. */
  synchronized void beat() {
    for (LoadId<PostgresqlUri> id : resting.takeLeft()) {
      TableLoad load = loads.get(id);
      load.leave();
      ended(load);
    }
  }

  /** A load is over: whoever asks for its name next begins a new one. */
  synchronized void ended(TableLoad load) {
    opened.remove(load);
    resting.remove(load.id());
    forget(load);
    if (opened.isEmpty()) {
      heartbeat.stop();
    }
  }

  private void forget(TableLoad load) {
    loads.remove(load.id(), load);
    Run run = Run.of(load.id());
    if (loads.keySet().stream().noneMatch(id -> Run.of(id).equals(run))) {
      signs.remove(run);
    }
  }
}
