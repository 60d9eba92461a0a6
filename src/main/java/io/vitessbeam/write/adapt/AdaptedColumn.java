package io.vitessbeam.write.adapt;

import io.vitessbeam.schema.Column;

/**
 * A column on its way.
 *
 * @param source its index in the source
 * @param column as it is staged
 * @param conversion of its values; null if they stay as they are
 * @param contract conversion of what comes out of that to the type of the table that is there; null
 *     if it holds all of it
 * @param complete whether a NULL for it is a failure of the row
 * @param required whether the table that is there takes no NULL for it, though the source has some
 */
record AdaptedColumn(
    int source,
    Column column,
    Conversion conversion,
    Conversion contract,
    boolean complete,
    boolean required) {

  boolean keepsValues() {
    return conversion == null && contract == null && !complete && !required;
  }
}
