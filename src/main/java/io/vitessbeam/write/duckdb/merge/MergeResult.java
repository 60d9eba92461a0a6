package io.vitessbeam.write.duckdb.merge;

import io.vitessbeam.write.follow.ContentsChange;

/**
 * What a merge of changes did to a table.
 *
 * @param change to what the table holds
 */
public record MergeResult(MergeCounts counts, ContentsChange change) {

  static final MergeResult NONE = new MergeResult(MergeCounts.NONE, ContentsChange.NONE);
}
