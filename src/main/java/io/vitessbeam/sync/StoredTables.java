package io.vitessbeam.sync;

import java.io.Serializable;
import java.util.List;

/** What a destination knows of all tables of a run, in the run's order. */
public record StoredTables(List<StoredTable> tables) implements Serializable {

  public StoredTables {
    tables = List.copyOf(tables);
  }
}
