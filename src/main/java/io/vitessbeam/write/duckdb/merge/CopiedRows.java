package io.vitessbeam.write.duckdb.merge;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * The rows of a copy by VStream, which are staged among the changes that came between them. They
 * are taken as they are, without a look at what is there: rows that came more than once are the
 * business of {@link CopyDuplicates}.
 */
public final class CopiedRows {

  private final Connection connection;
  private final MergeTable copy;
  private final int epoch;

  /**
   * @param copy the table of copied rows
   * @param epoch of their orders
   */
  public CopiedRows(Connection connection, MergeTable copy, int epoch) {
    this.connection = connection;
    this.copy = copy;
    this.epoch = epoch;
  }

  /**
   * Adds those of a shard to the copy.
   *
   * @param now time of the merge, as a literal
   * @return how many they are
   */
  public long add(ShardChanges shard, String now) throws SQLException {
    if (shard.copy().isEmpty()) {
      return 0;
    }
    return Sql.update(
        connection,
        "INSERT INTO %s (%s) SELECT %s, %s || %s, false, %s FROM %s h WHERE h.%s = 0"
            .formatted(
                copy.name(),
                copy.insertList(),
                copy.castAll("h"),
                CdcColumns.order(epoch, "h." + CdcColumns.RANK, "h." + CdcColumns.NUMBER),
                Sql.literal(":" + shard.payload()),
                now,
                shard.copy(),
                CdcColumns.KIND));
  }
}
