package io.vitessbeam.write.duckdb;

import io.vitessbeam.write.duckdb.merge.MergeCounts;

/**
 * A staged copy that the changes since are merged into.
 *
 * @param rows that were copied
 * @param changed what the changes did to them
 */
record CompletedCopy(long rows, MergeCounts changed) {

  /** Of a table that isn't copied. */
  static final CompletedCopy NONE = new CompletedCopy(0, MergeCounts.NONE);
}
