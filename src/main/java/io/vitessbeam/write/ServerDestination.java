package io.vitessbeam.write;

/** A server whose tables can follow a source. */
public interface ServerDestination extends Destination {

  /** Opens its tables; to be closed. */
  ServerTables tables();
}
