package io.vitessbeam;

import java.io.Serializable;
import java.util.Objects;

/**
 * A table that readers of the destination can see since now.
 *
 * @param table its name as it was given
 * @param rows rows that this run wrote
 * @param ranges key ranges in which they were read
 */
public record LoadedTable(String table, long rows, int ranges) implements Serializable {

  public LoadedTable {
    Objects.requireNonNull(table, "table");
  }
}
