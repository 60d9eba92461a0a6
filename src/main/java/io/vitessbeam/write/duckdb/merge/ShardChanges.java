package io.vitessbeam.write.duckdb.merge;

/**
 * The staged changes of one table in one shard, in one table or two.
 *
 * @param index of the shard
 * @param shard its name
 * @param copy the table of the changes that came between the rows of a copy by VStream; empty if
 *     there is none
 * @param stream the table of what followed, beginning where the copy ends, or before; empty if
 *     there is none
 * @param payload what the positions of its rows end with, see {@link
 *     io.vitessbeam.vstream.position.CdcLsn}
 */
public record ShardChanges(int index, String shard, String copy, String stream, String payload) {

  public ShardChanges {
    if (copy.isEmpty() && stream.isEmpty()) {
      throw new IllegalArgumentException("shard " + shard + " has no changes");
    }
  }

  /** All changes, with places that sort them. */
  String rows() {
    if (copy.isEmpty()) {
      return stream;
    }
    return stream.isEmpty()
        ? copy
        : "(SELECT * FROM %s UNION ALL SELECT * REPLACE (%s + %d AS %s) FROM %s)"
            .formatted(copy, CdcColumns.PLACE, 1L << 62, CdcColumns.PLACE, stream);
  }
}
