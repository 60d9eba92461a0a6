package io.vitessbeam.write.mysql;

import io.vitessbeam.write.load.JvmLoads;
import io.vitessbeam.write.load.LoadId;
import io.vitessbeam.write.load.LoadTimings;
import java.util.HashMap;
import java.util.Map;

/** The loads of this JVM, and its sign of life at each database. Safe for threads. */
final class MysqlLoads {

  private static final MysqlLoads JVM = new MysqlLoads();

  private final LoadTimings timings;
  private final JvmLoads<LoadId<Server>, MysqlLoad> loads;
  private final Map<Place, MysqlSignOfLife> signs = new HashMap<>();

  private record Place(Server server, String database) {}

  MysqlLoads() {
    this(LoadTimings.DEFAULT);
  }

  MysqlLoads(LoadTimings timings) {
    this.timings = timings;
    this.loads = new JvmLoads<>(timings);
  }

  static MysqlLoads ofThisJvm() {
    return JVM;
  }

  LoadTimings timings() {
    return timings;
  }

  /** The load of this name; to be given back with {@link MysqlLoad#release}. Opens nothing. */
  MysqlLoad acquire(LoadId<Server> id) {
    return loads.acquire(id, key -> new MysqlLoad(key, this));
  }

  void release(MysqlLoad load) {
    loads.release(load.id(), load);
  }

  /** Aborts what is left of an owner at a server; does nothing if this JVM has nothing of it. */
  void abort(Server server, String owner) {
    loads.abort(id -> id.place().equals(server) && id.owner().equals(owner));
  }

  /** Leaves loads to others on which nobody here has worked for long. */
  void leaveResting() {
    loads.leaveResting();
  }

  /** A load is over: whoever asks for its name next begins a new one. */
  void ended(MysqlLoad load) {
    loads.ended(load.id(), load);
  }

  /** What shows others that loads of this JVM into a database go on. */
  synchronized MysqlSignOfLife sign(LoadId<Server> id, Server.Database database) {
    return signs.computeIfAbsent(
        new Place(id.place(), id.schema()), place -> new MysqlSignOfLife(database, timings));
  }
}
