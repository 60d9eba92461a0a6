package io.vitessbeam.pipelines.report;

/**
 * What rows are counted by while they are read, see {@link io.vitessbeam.RunProgress#rowsByShard}.
 *
 * @param table {@code keyspace.table}
 * @param shard empty if the rows came through vtgate's planner
 */
public record ReadPart(String table, String shard) {

  /** Reads {@code keyspace.table/shard}; a shard's name has no slash. */
  public static ReadPart of(String part) {
    int slash = part.lastIndexOf('/');
    return slash < 0
        ? new ReadPart(part, "")
        : new ReadPart(part.substring(0, slash), part.substring(slash + 1));
  }
}
