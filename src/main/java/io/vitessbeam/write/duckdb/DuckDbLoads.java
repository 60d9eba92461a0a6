package io.vitessbeam.write.duckdb;

import io.vitessbeam.DuckDbUri;
import io.vitessbeam.write.duckdb.file.DuckDbFile;
import io.vitessbeam.write.duckdb.file.OpenFiles;
import io.vitessbeam.write.duckdb.staging.BufferedBlocks;
import io.vitessbeam.write.load.JvmLoads;
import io.vitessbeam.write.load.LoadId;
import io.vitessbeam.write.load.LoadKey;
import io.vitessbeam.write.load.LoadTimings;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
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
final class DuckDbLoads {

  private static final DuckDbLoads JVM = new DuckDbLoads();

  /** An eighth of the heap for blocks that wait; within it a range gathers at most 32 MB. */
  private final BufferedBlocks buffered = new BufferedBlocks(Runtime.getRuntime().maxMemory() / 8);

  private final JvmLoads<LoadKey<DuckDbUri>, DuckDbLoad<?, ?>> loads;
  private final Set<DuckDbLoad<?, ?>> opened = new HashSet<>();
  private final OpenFiles files = new OpenFiles();
  private Thread hook;

  DuckDbLoads() {
    this(LoadTimings.DEFAULT);
  }

  DuckDbLoads(LoadTimings timings) {
    this.loads = new JvmLoads<>(timings);
  }

  static DuckDbLoads ofThisJvm() {
    return JVM;
  }

  BufferedBlocks buffered() {
    return buffered;
  }

  /** The load of this name; to be given back with {@link #release}. Opens nothing. */
  DuckDbLoader acquire(LoadId<DuckDbUri> id) {
    return (DuckDbLoader) loads.acquire(id, key -> new DuckDbLoader(id, this));
  }

  /** The load of this run; to be given back with {@link #release}. Opens nothing. */
  SyncLoad acquire(SyncKey run) {
    return (SyncLoad) loads.acquire(run, key -> new SyncLoad(run, this));
  }

  /** Gives a load back. When nobody holds it, it is put to rest, its file closed. */
  void release(DuckDbLoad<?, ?> load) {
    loads.release(load.key(), load);
  }

  /** Aborts what is left of an owner at a file; does nothing if this JVM has nothing of it. */
  void abort(DuckDbUri uri, String owner) {
    loads.abort(key -> key.place().equals(uri) && key.owner().equals(owner));
  }

  /** Aborts what is left of an owner in files that are relayed. */
  void abortRelayed(String owner) {
    loads.abort(key -> key instanceof SyncKey run && run.relayed() && key.owner().equals(owner));
  }

  /** Opens the file of a load unless it is open. */
  synchronized DuckDbFile open(DuckDbLoad<?, ?> load) {
    if (hook == null) {
      // First, since it is refused while the JVM shuts down, when nothing must be opened any more.
      Thread abort = new Thread(this::abortAll, "vitess-beam-abort");
      Runtime.getRuntime().addShutdownHook(abort);
      hook = abort;
    }
    DuckDbFile file = files.open(load.key().place().path(), load, alive());
    opened.add(load);
    return file;
  }

  /** What is found in a file; nothing if there is no such file, which is not created then. */
  synchronized <T> Optional<T> look(DuckDbUri uri, Function<DuckDbFile, T> look) {
    return files.look(uri.path(), alive(), look);
  }

  private Set<String> alive() {
    return loads.keys().stream()
        .map(key -> key.digest().toString())
        .collect(Collectors.toUnmodifiableSet());
  }

  /** A load needs its file no more, for now. */
  synchronized void close(DuckDbLoad<?, ?> load) {
    files.close(load.key().place().path(), load);
  }

  /** A load is published or aborted: whoever asks for its name next begins a new one. */
  synchronized void ended(DuckDbLoad<?, ?> load) {
    loads.ended(load.key(), load);
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
    List<DuckDbLoad<?, ?>> left;
    synchronized (this) {
      left = List.copyOf(opened);
    }
    left.forEach(DuckDbLoad::abort);
  }
}
