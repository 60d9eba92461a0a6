package io.vitessbeam.write.duckdb;

import io.vitessbeam.DuckDbUri;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The loads of this JVM and the files that they have open. All copies of a DoFn, on whatever
 * threads, meet here, since DuckDB lets one process in and works best with one instance.
 *
 * <p>A load begins when the first DoFn asks for it and ends when it is published or aborted. Its
 * file is open from its first block on, and closed when no load needs it. What still runs when the
 * JVM exits is aborted by a shutdown hook; what dies without one is swept when the file is opened
 * next. Safe for threads.
 */
public final class Loads {

  private static final Loads JVM = new Loads();

  /** An eighth of the heap for blocks that wait; within it a range gathers at most 32 MB. */
  private final BufferedBlocks buffered = new BufferedBlocks(Runtime.getRuntime().maxMemory() / 8);

  private final Map<LoadId, TableLoad> loads = new HashMap<>();
  private final Map<LoadId, Integer> leases = new HashMap<>();
  private final Set<TableLoad> opened = new HashSet<>();
  private final Map<String, DuckDbFile> files = new HashMap<>();
  private final Map<String, Set<TableLoad>> users = new HashMap<>();

  /** Files that were not there before; they go again if nothing is loaded into them. */
  private final Set<String> created = new HashSet<>();

  private Thread hook;

  Loads() {}

  public static Loads ofThisJvm() {
    return JVM;
  }

  BufferedBlocks buffered() {
    return buffered;
  }

  /** The load of this name; to be given back with {@link #release}. Opens nothing. */
  public synchronized TableLoad acquire(LoadId id) {
    leases.merge(id, 1, Integer::sum);
    return loads.computeIfAbsent(id, key -> new TableLoad(key, this));
  }

  /** Gives a load back. When nobody holds it, it is put to rest, its file closed. */
  public void release(TableLoad load) {
    synchronized (this) {
      if (leases.computeIfPresent(load.id(), (id, n) -> n == 1 ? null : n - 1) != null) {
        return;
      }
      if (!opened.contains(load)) {
        loads.remove(load.id(), load);
      }
    }
    load.rest();
  }

  /** Aborts what is left of a run at a file; does nothing if this JVM has nothing of it. */
  public void abort(DuckDbUri uri, String runId) {
    List<TableLoad> ofRun;
    synchronized (this) {
      ofRun =
          loads.values().stream()
              .filter(load -> load.id().uri().equals(uri) && load.id().runId().equals(runId))
              .toList();
    }
    ofRun.forEach(TableLoad::abort);
  }

  /** Opens the file of a load unless it is open. */
  synchronized DuckDbFile open(TableLoad load) {
    if (hook == null) {
      // First, since it is refused while the JVM shuts down, when nothing must be opened any more.
      Thread abort = new Thread(this::abortAll, "vitess-beam-abort");
      Runtime.getRuntime().addShutdownHook(abort);
      hook = abort;
    }
    String path = load.id().uri().path();
    DuckDbFile file = files.get(path);
    if (file == null) {
      Set<String> alive =
          loads.keySet().stream().map(LoadId::digest).collect(Collectors.toUnmodifiableSet());
      boolean isNew = !Files.exists(Path.of(path));
      file = DuckDbFile.open(path, alive);
      files.put(path, file);
      if (isNew) {
        created.add(path);
      }
    }
    opened.add(load);
    users.computeIfAbsent(path, key -> new HashSet<>()).add(load);
    return file;
  }

  /** A load needs its file no more, for now. */
  synchronized void close(TableLoad load) {
    String path = load.id().uri().path();
    Set<TableLoad> left = users.get(path);
    if (left != null && left.remove(load) && left.isEmpty()) {
      users.remove(path);
      DuckDbFile file = files.remove(path);
      if (created.contains(path) && file.isEmpty()) {
        created.remove(path);
        file.delete();
      } else {
        file.close();
      }
    }
  }

  /** A load is published or aborted: whoever asks for its name next begins a new one. */
  synchronized void ended(TableLoad load) {
    loads.remove(load.id(), load);
    opened.remove(load);
    try {
      close(load);
    } finally {
      removeHook();
    }
  }

  private void removeHook() {
    if (opened.isEmpty() && hook != null) {
      try {
        Runtime.getRuntime().removeShutdownHook(hook);
        hook = null;
      } catch (IllegalStateException e) {
        // The JVM is shutting down: the hook is at work.
      }
    }
  }

  private void abortAll() {
    List<TableLoad> left;
    synchronized (this) {
      left = List.copyOf(opened);
    }
    left.forEach(TableLoad::abort);
  }
}
