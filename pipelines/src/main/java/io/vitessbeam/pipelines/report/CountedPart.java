package io.vitessbeam.pipelines.report;

/**
 * What rows are counted by while they are read, see {@link io.vitessbeam.RunProgress#rowsByShard}.
 *
 * @param table {@code keyspace.table}
 * @param shard empty if the rows came through vtgate's planner
 */
public record CountedPart(String table, String shard) {

  /** Reads {@code keyspace.table/shard}; a shard's name has no slash. */
  public static CountedPart of(String part) {
    int slash = part.lastIndexOf('/');
    return slash < 0
        ? new CountedPart(part, "")
        : new CountedPart(part.substring(0, slash), part.substring(slash + 1));
  }
}
