package io.vitessbeam.write.duckdb;

/**
 * What tells the ranges of a run apart.
 *
 * @param part of the run
 * @param table source table of a copied range; empty for a stream
 */
record SyncRange(String part, String table, int index) {

  @Override
  public String toString() {
    return part + (table.isEmpty() ? "" : " of " + table) + ", range " + index;
  }
}
