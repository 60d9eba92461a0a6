package io.vitessbeam.sync;

import io.vitessbeam.Vgtid;
import io.vitessbeam.schema.TableSchema;
import java.io.Serializable;
import java.util.Objects;

/**
 * What a run does with one table.
 *
 * @param schema the columns that are carried over, and the key
 * @param definition all columns of the source table in the form in which two of them are compared
 * @param action how the run begins
 * @param reason why it begins with a copy; empty for the first copy and for a resumed table
 * @param from position from which changes are applied: where it was copied, or where it stood
 * @param epoch of the orders of its rows
 */
public record TablePlan(
    TableSchema schema, String definition, Action action, String reason, Vgtid from, int epoch)
    implements Serializable {

  /** How a run begins with a table. */
  public enum Action {
    /** The destination has nothing of the table, or is to forget what it has: the copy replaces. */
    COPY,
    /** The copy is merged into what is there; rows that are not in it become deleted. */
    COPY_AGAIN,
    /** Only changes are applied. */
    FOLLOW
  }

  public TablePlan {
    Objects.requireNonNull(schema, "schema");
    Objects.requireNonNull(definition, "definition");
    Objects.requireNonNull(action, "action");
    Objects.requireNonNull(reason, "reason");
    Objects.requireNonNull(from, "from");
  }

  public boolean copies() {
    return action != Action.FOLLOW;
  }

  public String table() {
    return schema.table();
  }
}
