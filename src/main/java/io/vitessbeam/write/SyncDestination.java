package io.vitessbeam.write;

/** A destination whose tables can follow a source. */
public interface SyncDestination extends Destination {

  /**
   * The tables of a run that follow a keyspace, the same for all who ask in this JVM; to be
   * released.
   */
  SyncLoader follower(SyncSpec spec);
}
