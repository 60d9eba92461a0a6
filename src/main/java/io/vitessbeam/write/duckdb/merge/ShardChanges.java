package io.vitessbeam.write.duckdb.merge;

import java.util.List;

/**
 * The staged changes of one table in one shard.
 *
 * @param index of the shard
 * @param shard its name
 * @param tables of staged changes: a later one begins where the former ends, or before
 * @param payload what the positions of its rows end with, see {@link io.vitessbeam.vstream.CdcLsn}
 */
public record ShardChanges(int index, String shard, List<String> tables, String payload) {

  public ShardChanges {
    tables = List.copyOf(tables);
    if (tables.size() > 2) {
      throw new IllegalArgumentException("a shard's changes are a copy and what follows it");
    }
  }

  /** All changes, with places that sort them. */
  String rows() {
    return tables.size() == 1
        ? tables.get(0)
        : "(SELECT * FROM "
            + tables.get(0)
            + " UNION ALL SELECT * REPLACE ("
            + CdcColumns.PLACE
            + " + "
            + (1L << 62)
            + " AS "
            + CdcColumns.PLACE
            + ") FROM "
            + tables.get(1)
            + ")";
  }
}
