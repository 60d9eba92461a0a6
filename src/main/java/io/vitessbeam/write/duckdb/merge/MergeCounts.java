package io.vitessbeam.write.duckdb.merge;

/**
 * What a merge did to a table.
 *
 * @param inserted live rows that are new, or revived
 * @param updated live rows that changed
 * @param deleted rows that were live
 */
public record MergeCounts(long inserted, long updated, long deleted) {

  public static final MergeCounts NONE = new MergeCounts(0, 0, 0);
}
