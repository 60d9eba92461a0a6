package io.vitessbeam.write.strategy;

import io.vitessbeam.schema.ValueOrder;

/**
 * A column that a load brings.
 *
 * @param order of the source's values, which counts wherever they are compared
 * @param staged its type in the staging table
 * @param type the type that the target has for it
 */
public record LoadedColumn(String name, ValueOrder order, String staged, String type) {}
