package io.vitessbeam.write.strategy;

import io.vitessbeam.DataException;
import io.vitessbeam.schema.ValueOrder;

/**
 * A text of the target that is no value of the source's column, by which intervals are replaced.
 */
public final class UnreadableValue {

  private UnreadableValue() {}

  /** Says that it is in the way. */
  public static DataException isIn(String table, String column, ValueOrder order, String value) {
    return new DataException(
        "Column %s of %s holds '%s', and is %s in the source, so nobody can tell whether that row is in the interval: change the value, or name another incremental key"
            .formatted(column, table, value, order.noun()));
  }
}
