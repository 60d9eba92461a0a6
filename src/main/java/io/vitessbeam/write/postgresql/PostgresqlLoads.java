package io.vitessbeam.write.postgresql;

import io.vitessbeam.connect.PostgresqlUri;
import io.vitessbeam.write.load.JvmLoads;
import io.vitessbeam.write.load.LoadId;
import io.vitessbeam.write.load.LoadTimings;
import java.util.HashMap;
import java.util.Map;

/**
 * The loads of this JVM, and its sign of life at each database. What still runs when the JVM ends
 * is left to the next load into the same schema: a JVM of a cluster can't tell whether others go
 * on. Safe for threads.
 */
final class PostgresqlLoads {

  private static final PostgresqlLoads JVM = new PostgresqlLoads();

  private final LoadTimings timings;
  private final JvmLoads<LoadId<PostgresqlUri>, PostgresqlLoad> loads;
  private final Map<PostgresqlUri, PostgresqlSignOfLife> signs = new HashMap<>();

  PostgresqlLoads() {
    this(LoadTimings.DEFAULT);
  }

  PostgresqlLoads(LoadTimings timings) {
    this.timings = timings;
    this.loads = new JvmLoads<>(timings);
  }

  static PostgresqlLoads ofThisJvm() {
    return JVM;
  }

  LoadTimings timings() {
    return timings;
  }

  /** The load of this name; to be given back with {@link #release}. Opens nothing. */
  PostgresqlLoad acquire(LoadId<PostgresqlUri> id) {
    return loads.acquire(id, key -> new PostgresqlLoad(key, this));
  }

  /** Gives a load back. When nobody holds it, it rests. */
  void release(PostgresqlLoad load) {
    loads.release(load.id(), load);
  }

  /** Aborts what is left of an owner in a database; does nothing if this JVM has nothing of it. */
  void abort(PostgresqlUri uri, String owner) {
    loads.abort(id -> id.place().equals(uri) && id.owner().equals(owner));
  }

  /** Leaves loads to others on which nobody here has worked for long. */
  void leaveResting() {
    loads.leaveResting();
  }

  /** A load is over: whoever asks for its name next begins a new one. */
  void ended(PostgresqlLoad load) {
    loads.ended(load.id(), load);
  }

  /** What shows others that loads of this JVM into a database go on. */
  synchronized PostgresqlSignOfLife sign(PostgresqlUri uri) {
    return signs.computeIfAbsent(uri, at -> new PostgresqlSignOfLife(at, timings));
  }
}
