package io.vitessbeam.write.follow.relay;

import io.vitessbeam.write.Destination;

/** A server whose tables follow a source, and are merged elsewhere. */
public interface ServerDestination extends Destination {

  /** Opens its tables; to be closed. */
  ServerTables tables();
}
