package io.vitessbeam.write.strategy;

import io.vitessbeam.DataException;
import java.util.List;

/** A row outside of the interval that delete+insert replaces, whose key the load brings too. */
public final class StayingRow {

  private StayingRow() {}

  /**
   * Says that it is in the way.
   *
   * @param key names of the key's columns
   * @param row its values for the key, then that of the incremental key, which may be null
   */
  public static DataException isInTheWay(
      String table, List<String> key, String incrementalKey, List<String> row) {
    return new DataException(
        "%s is not published: a row comes with the key (%s) = (%s) of one that is outside the interval, with %s = %s, and stays: replace an interval that holds both, or use the strategy merge"
            .formatted(
                table,
                String.join(", ", key),
                String.join(", ", row.subList(0, key.size())),
                incrementalKey,
                row.get(key.size())));
  }
}
