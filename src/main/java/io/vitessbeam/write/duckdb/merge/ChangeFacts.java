package io.vitessbeam.write.duckdb.merge;

import io.vitessbeam.DataException;
import io.vitessbeam.vstream.position.CdcLsn;
import io.vitessbeam.write.duckdb.file.DuckDbSql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What has to be known of a shard's changes before they are reduced.
 *
 * @param truncatedAt place of the last TRUNCATE, -1 without one
 * @param truncation its order
 * @param partial whether some changes don't have all columns
 */
record ChangeFacts(ShardChanges changes, long truncatedAt, String truncation, boolean partial) {

  static ChangeFacts of(Connection connection, ShardChanges changes, MergeTable table, int epoch)
      throws SQLException {
    String noKey =
        table.key().stream()
            .map(column -> DuckDbSql.quoted(column) + " IS NULL")
            .collect(Collectors.joining(" OR "));
    String truncate = " FILTER (" + CdcColumns.KIND + " = 4)";
    List<String> row =
        DuckDbSql.row(
            connection,
            "SELECT coalesce(max(%s)%s, -1), arg_max(%s, %s)%s, arg_max(%s, %s)%s, count(%s),"
                    .formatted(
                        CdcColumns.PLACE,
                        truncate,
                        CdcColumns.RANK,
                        CdcColumns.PLACE,
                        truncate,
                        CdcColumns.NUMBER,
                        CdcColumns.PLACE,
                        truncate,
                        CdcColumns.ABSENT)
                + " count(*) FILTER (%s < 4 AND (%s)) FROM %s"
                    .formatted(CdcColumns.KIND, noKey, changes.rows()));
    if (!row.get(4).equals("0")) {
      throw new DataException(
          "%s changes of %s, shard %s, came without their key"
              .formatted(row.get(4), table.schema().qualifiedName(), changes.shard()));
    }
    long truncatedAt = Long.parseLong(row.get(0));
    String truncation =
        truncatedAt < 0
            ? ""
            : CdcLsn.order(epoch, Long.parseLong(row.get(1)), Long.parseLong(row.get(2)));
    return new ChangeFacts(changes, truncatedAt, truncation, !row.get(3).equals("0"));
  }

  boolean truncates() {
    return truncatedAt >= 0;
  }
}
