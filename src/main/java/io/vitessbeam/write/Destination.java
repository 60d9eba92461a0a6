package io.vitessbeam.write;

import java.io.Serializable;

/**
 * A place that tables are loaded into. Knows how, and opens nothing until it is asked for a load.
 */
public interface Destination extends Serializable {

  /** What it is and where, for people; without any password. */
  String description();

  /** The load of a run's table, the same for all who ask in this JVM; to be released. */
  Loader loader(LoadSpec spec);

  /**
   * The tables of a run that follow a keyspace, the same for all who ask in this JVM; to be
   * released.
   */
  SyncLoader follower(SyncSpec spec);

  /**
   * Rolls back and drops at once what a run has staged from this JVM. Does nothing if the run never
   * came to write, or is published.
   */
  void abort(String runId);
}
