package io.vitessbeam.write.duckdb.merge;

import io.vitessbeam.write.duckdb.file.DuckDbSql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * Decides, for every key that the changes are about, what happens to its row: a temporary table of
 * the candidates that are applied, with {@code rid}, the row of the table that has the key, {@code
 * was}, whether that one is deleted, and {@code stored}, its order.
 */
abstract class RowDecisions {

  /** The table of what is to be done. */
  static final String DECISIONS = "temp.main.\"_vitessbeam_decisions\"";

  final Connection connection;
  final MergeTable table;
  final int epoch;

  RowDecisions(Connection connection, MergeTable table, int epoch) {
    this.connection = connection;
    this.table = table;
    this.epoch = epoch;
  }

  static RowDecisions of(Connection connection, MergeTable table, int epoch, List<String> shards) {
    return shards.size() == 1
        ? new SingleShardDecisions(connection, table, epoch)
        : new ManyShardDecisions(connection, table, epoch, shards);
  }

  /** Makes the table. */
  abstract void decide(List<ChangeFacts> shards) throws SQLException;

  /** The order of a row of the table; one without any is older than all others. */
  static String orderOf(String alias) {
    return "coalesce(substr(" + alias + "." + CdcColumns.LSN + ", 1, 38), '')";
  }

  /** Adds the live rows that a shard's TRUNCATE deleted, and that did not change since. */
  final void addTruncated(ChangeFacts shard, String from, String condition) throws SQLException {
    DuckDbSql.update(
        connection,
        "INSERT INTO %s BY NAME SELECT %d AS shard, NULL AS v, true AS bare, false AS live,"
                .formatted(DECISIONS, shard.changes().index())
            + " '%s' AS ord, false AS was, t.rowid AS rid, %s AS stored FROM %s t %s WHERE NOT"
                .formatted(shard.truncation(), orderOf("t"), table.name(), from)
            + " t.%s AND %s < '%s'%s"
                .formatted(CdcColumns.DELETED, orderOf("t"), shard.truncation(), condition)
            + " AND t.rowid NOT IN (SELECT rid FROM %s WHERE rid IS NOT NULL)"
                .formatted(DECISIONS));
  }

  final void create(String query) throws SQLException {
    DuckDbSql.execute(
        connection, List.of("CREATE OR REPLACE TEMP TABLE \"_vitessbeam_decisions\" AS " + query));
  }
}
