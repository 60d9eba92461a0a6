package io.vitessbeam.write.adapt;

import io.vitessbeam.schema.Column;

/**
 * A column on its way.
 *
 * @param source its index in the source
 * @param column as it is staged
 * @param conversion of its values; null if they stay as they are
 */
record AdaptedColumn(int source, Column column, Conversion conversion) {}
