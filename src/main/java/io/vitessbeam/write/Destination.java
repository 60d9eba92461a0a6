package io.vitessbeam.write;

import io.vitessbeam.ConfigurationException;
import io.vitessbeam.schema.TableSchema;
import java.io.Serializable;
import java.util.Optional;

/**
 * A place that tables are loaded into, and may follow a source in. Knows how, and opens nothing
 * until it is asked for a load.
 */
public interface Destination extends Serializable {

  /** What it is and where, for people; without any password. */
  String description();

  /**
   * The columns of a table as it is now; empty if it isn't there. Looks, and changes nothing.
   *
   * @throws ConfigurationException if this destination can't tell
   */
  default Optional<TableSchema> table(TargetTable table) {
    throw new ConfigurationException(
        description()
            + " does not tell the columns of "
            + table
            + "; use the schema naming direct or snake_case, and the schema contract evolve or"
            + " freeze");
  }

  /**
   * The load of a table in an attempt of a run, the same for all who ask in this JVM; to be
   * released.
   */
  Loader loader(LoadSpec spec);

  /**
   * The tables of a run that follow a keyspace, the same for all who ask in this JVM; to be
   * released.
   */
  SyncLoader follower(SyncSpec spec);

  /**
   * Rolls back and drops at once what an owner has staged from this JVM, in whichever run and
   * attempt. Does nothing about what never came to write, or is published.
   */
  void abort(String owner);
}
