package io.vitessbeam.write.duckdb.merge;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** One shard: its order alone decides. */
final class SingleShardDecisions extends RowDecisions {

  SingleShardDecisions(Connection connection, MergeTable table, int epoch) {
    super(connection, table, epoch);
  }

  @Override
  void decide(List<ChangeFacts> shards) throws SQLException {
    create(
        "SELECT c.*, t.%s AS was, t.rowid AS rid, %s AS stored FROM (%s) c LEFT JOIN %s t ON %s"
                .formatted(
                    CdcColumns.DELETED,
                    orderOf("t"),
                    new LastPerKey(table, epoch, false).of(shards),
                    table.name(),
                    table.sameKey("t", "c"))
            + " WHERE t.rowid IS NULL OR %s < c.ord".formatted(orderOf("t")));
    for (ChangeFacts shard : shards) {
      if (shard.truncates()) {
        addTruncated(shard, "", "");
      }
    }
  }
}
