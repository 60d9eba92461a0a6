package io.vitessbeam.write.postgresql;

import io.vitessbeam.connect.PostgresqlUri;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The loads of this JVM, at which all copies of a DoFn meet. A load begins when the first DoFn asks
 * for it and ends when it is published or aborted here. What still runs when the JVM ends is left
 * to the next load into the same schema: a JVM of a cluster can't tell whether others go on. Safe
 * for threads.
 */
final class Loads {

  private static final Loads JVM = new Loads();

  private final Map<LoadId, TableLoad> loads = new HashMap<>();
  private final Map<LoadId, Integer> leases = new HashMap<>();
  private final Set<TableLoad> opened = new HashSet<>();
  private final Map<Run, SignOfLife> signs = new HashMap<>();

  private record Run(PostgresqlUri uri, String id) {
    static Run of(LoadId load) {
      return new Run(load.uri(), load.spec().runId());
    }
  }

  Loads() {}

  static Loads ofThisJvm() {
    return JVM;
  }

  /** The load of this name; to be given back with {@link #release}. Opens nothing. */
  TableLoad acquire(LoadId id) {
    TableLoad load;
    synchronized (this) {
      leases.merge(id, 1, Integer::sum);
      SignOfLife alive = signs.computeIfAbsent(Run.of(id), run -> new SignOfLife(run.uri()));
      load = loads.computeIfAbsent(id, newId -> new TableLoad(newId, this, alive));
    }
    load.wake();
    return load;
  }

  /** Gives a load back. When nobody holds it, it rests. */
  void release(TableLoad load) {
    synchronized (this) {
      if (leases.computeIfPresent(load.id(), (id, n) -> n == 1 ? null : n - 1) != null) {
        return;
      }
      if (!opened.contains(load)) {
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
            if (id.uri().equals(uri) && id.spec().runId().equals(runId)) {
              ofRun.add(load);
            }
          });
    }
    ofRun.forEach(TableLoad::abort);
  }

  /** A load has begun to leave traces. */
  synchronized void opened(TableLoad load) {
    opened.add(load);
  }

  /** A load is published or aborted: whoever asks for its name next begins a new one. */
  synchronized void ended(TableLoad load) {
    opened.remove(load);
    forget(load);
  }

  private void forget(TableLoad load) {
    loads.remove(load.id(), load);
    Run run = Run.of(load.id());
    if (loads.keySet().stream().noneMatch(id -> Run.of(id).equals(run))) {
      signs.remove(run);
    }
  }
}
