package io.vitessbeam.write.duckdb.merge;

/**
 * The staged changes of one table in one shard, in one table or two.
 *
 * @param index of the shard
 * @param shard its name
 * @param copy the table of what a copy by VStream gave, rows and the changes between them; empty if
 *     there is none
 * @param stream the table of what followed, beginning where the copy ends, or before; empty if
 *     there is none
 * @param payload what the positions of its rows end with, see {@link io.vitessbeam.vstream.CdcLsn}
 */
public record ShardChanges(int index, String shard, String copy, String stream, String payload) {

  public ShardChanges {
    if (copy.isEmpty() && stream.isEmpty()) {
      throw new IllegalArgumentException("shard " + shard + " has no changes");
    }
  }

  /** All changes, with places that sort them; without the rows that were copied. */
  String rows() {
    if (copy.isEmpty()) {
      return stream;
    }
    String between = "SELECT * FROM %s WHERE %s <> 0".formatted(copy, CdcColumns.KIND);
    return stream.isEmpty()
        ? "(" + between + ")"
        : "(%s UNION ALL SELECT * REPLACE (%s + %d AS %s) FROM %s)"
            .formatted(between, CdcColumns.PLACE, 1L << 62, CdcColumns.PLACE, stream);
  }
}
