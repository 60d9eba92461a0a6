package io.vitessbeam.sync;

import io.vitessbeam.Vgtid;
import java.io.Serializable;
import java.util.List;
import java.util.Objects;

/**
 * What a destination knows of a table that is to be followed.
 *
 * @param table name in the source keyspace
 * @param position from which its changes are still missing; null if it has to be copied
 * @param epoch of the orders that it holds; 0 for a table that isn't there
 * @param definition of the source table at that position, see {@link TablePlan}; empty if unknown
 * @param columns of the destination where its definition is unknown; otherwise none
 */
public record StoredTable(
    String table, Vgtid position, int epoch, String definition, List<String> columns)
    implements Serializable {

  public StoredTable {
    Objects.requireNonNull(table, "table");
    Objects.requireNonNull(definition, "definition");
    columns = List.copyOf(columns);
  }

  public StoredTable(String table, Vgtid position, int epoch, String definition) {
    this(table, position, epoch, definition, List.of());
  }

  /** A table of which only its data tell anything. */
  public static StoredTable unknown(String table, Vgtid position, int epoch, List<String> columns) {
    return new StoredTable(table, position, epoch, "", columns);
  }

  /** A table that the destination doesn't have. */
  public static StoredTable absent(String table) {
    return new StoredTable(table, null, 0, "");
  }
}
