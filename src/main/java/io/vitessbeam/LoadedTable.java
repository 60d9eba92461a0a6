package io.vitessbeam;

import java.io.Serializable;
import java.util.Objects;

/**
 * A table that readers of the destination can see since now.
 *
 * @param table its name as it was given
 * @param rows rows that this run wrote
 * @param ranges key ranges in which they were read
 * @param rowsDiscarded rows that the schema contract left out
 * @param valuesDiscarded values of rows that were written, which the schema contract left out
 * @param rowsFailed rows that went to the error handler
 */
public record LoadedTable(
    String table, long rows, int ranges, long rowsDiscarded, long valuesDiscarded, long rowsFailed)
    implements Serializable {

  public LoadedTable {
    Objects.requireNonNull(table, "table");
  }

  /** One that has all that was read. */
  public LoadedTable(String table, long rows, int ranges) {
    this(table, rows, ranges, 0, 0, 0);
  }
}
