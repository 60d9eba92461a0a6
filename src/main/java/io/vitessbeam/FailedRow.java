package io.vitessbeam;

import java.io.Serializable;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * A row that could not be written, for an error handler. A {@code BadRecord} has it as JSON, and
 * serialized by Java.
 *
 * @param table of the source
 * @param key the values of the key's columns, as {@code id=5 part=a}; of all columns if there is
 *     none
 * @param column whose value does not fit
 * @param reason the value, shortened, and what is wrong with it
 * @param values all values of the row as text, NULL as null; bytes that are no text in hexadecimal,
 *     after {@code 0x}
 */
public record FailedRow(
    String table, String key, String column, String reason, Map<String, String> values)
    implements Serializable {

  public FailedRow {
    Objects.requireNonNull(table, "table");
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(column, "column");
    Objects.requireNonNull(reason, "reason");
    // A copy that may hold null, which Map.copyOf refuses.
    values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
  }
}
