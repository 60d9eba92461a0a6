package io.vitessbeam.write.duckdb.merge;

import io.vitessbeam.vstream.position.CdcLsn;
import io.vitessbeam.write.duckdb.file.DuckDbSql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Merges a complete copy, which the changes since are merged into already, into the table that is
 * to equal it. Only rows that differ are touched; what is not in the copy becomes deleted. Rows
 * that are newer than the copy stay.
 */
public final class CopyMerge {

  private final Connection connection;
  private final MergeTable target;
  private final String copy;
  private final List<CdcLsn> from;
  private final OwningShard writers;

  /**
   * @param copy name of the staged copy, quoted
   * @param from where the copy stood, by index of the shard
   */
  public CopyMerge(Connection connection, MergeTable target, String copy, List<CdcLsn> from) {
    this.connection = connection;
    this.target = target;
    this.copy = copy;
    this.from = List.copyOf(from);
    this.writers =
        new OwningShard(target.schema().keyspace(), from.stream().map(CdcLsn::shard).toList());
  }

  /** Merges in the caller's transaction. */
  public MergeCounts merge(String now) throws SQLException {
    writers.find(connection, target.name(), copy);
    decide();
    DecidedRows decided = DecidedRows.count(connection);
    long gone = deleteMissing(now);
    decided.removeOld(connection, target);
    decided.requireInserted(
        target,
        DuckDbSql.update(
            connection,
            "INSERT INTO %s (%s) SELECT %s, c.%s, c.%s, %s FROM %s a JOIN %s c ON c.rowid = a.source"
                .formatted(
                    target.name(),
                    target.insertList(),
                    target.castAll("c"),
                    CdcColumns.LSN,
                    CdcColumns.DELETED,
                    now,
                    RowDecisions.DECISIONS,
                    copy)));
    DuckDbSql.execute(connection, List.of("DROP TABLE " + RowDecisions.DECISIONS));
    MergeCounts counts = decided.counts();
    return new MergeCounts(counts.inserted(), counts.updated(), counts.deleted() + gone);
  }

  /** The rows of the copy that the target lacks, or has otherwise. */
  private void decide() throws SQLException {
    String differs =
        target.schema().columns().stream()
            .map(
                column ->
                    "t."
                        + DuckDbSql.quoted(column.name())
                        + " IS DISTINCT FROM "
                        + ofCopy(column.name()))
            .collect(Collectors.joining(" OR "));
    // From another of today's shards: that one would delete it, and its own would not update it.
    String moved =
        from.size() == 1
            ? ""
            : " OR %s >= 0 AND %s <> %s"
                .formatted(OwningShard.writer(), OwningShard.writer(), OwningShard.writer("o"));
    // A deleted row is equal whatever values it had last.
    String changed =
        "t.%s <> c.%s OR NOT c.%s AND (%s%s)"
            .formatted(CdcColumns.DELETED, CdcColumns.DELETED, CdcColumns.DELETED, differs, moved);
    DuckDbSql.execute(
        connection,
        List.of(
            "CREATE OR REPLACE TEMP TABLE \"_vitessbeam_decisions\" AS SELECT c.rowid AS source,"
                + " NOT c.%s AS live, t.%s AS was, t.rowid AS rid FROM %s c LEFT JOIN %s t ON %s"
                    .formatted(
                        CdcColumns.DELETED, CdcColumns.DELETED, copy, target.name(), sameKey())
                + " %s %s WHERE t.rowid IS NULL OR (%s) AND %s <= greatest(%s, %s)"
                    .formatted(
                        writers.join("t"),
                        writers.join("c", "o"),
                        changed,
                        RowDecisions.orderOf("t"),
                        newest(),
                        RowDecisions.orderOf("c"))));
  }

  private String sameKey() {
    return target.key().stream()
        .map(column -> "t." + DuckDbSql.quoted(column) + " = " + ofCopy(column))
        .collect(Collectors.joining(" AND "));
  }

  private String ofCopy(String column) {
    return target.cast("c." + DuckDbSql.quoted(column), column);
  }

  /** Marks what the copy doesn't have. */
  private long deleteMissing(String now) throws SQLException {
    String lsn =
        from.stream()
            .skip(1)
            .map(
                position ->
                    " WHEN %d THEN %s"
                        .formatted(from.indexOf(position), DuckDbSql.literal(position.toString())))
            .collect(Collectors.joining());
    String first = DuckDbSql.literal(from.get(0).toString());
    String value = lsn.isEmpty() ? first : "CASE m.writer" + lsn + " ELSE " + first + " END";
    return DuckDbSql.update(
        connection,
        "UPDATE %s AS r SET %s = %s, %s = true, %s = %s FROM (SELECT t.rowid AS rid, %s AS writer"
                .formatted(
                    target.name(),
                    CdcColumns.LSN,
                    value,
                    CdcColumns.DELETED,
                    CdcColumns.SYNCED_AT,
                    now,
                    OwningShard.writer())
            + " FROM %s t %s WHERE NOT t.%s AND %s <= %s AND NOT EXISTS (SELECT 1 FROM %s c WHERE"
                .formatted(
                    target.name(),
                    writers.join("t"),
                    CdcColumns.DELETED,
                    RowDecisions.orderOf("t"),
                    newest(),
                    copy)
            + " %s)) m WHERE r.rowid = m.rid".formatted(sameKey()));
  }

  /** The greatest order that a row of the target can have and not be newer than the copy. */
  private String newest() {
    StringBuilder orders = new StringBuilder("CASE ").append(OwningShard.writer());
    for (int i = 0; i < from.size(); i++) {
      CdcLsn lsn = from.get(i);
      orders
          .append(" WHEN ")
          .append(i)
          .append(" THEN '")
          // The copy has all of the transactions before it: no row of theirs is newer.
          .append(CdcLsn.order(lsn.epoch(), lsn.rank(), CdcLsn.LAST_ROW))
          .append("'");
    }
    // A shard that is no more: its rows are older than any copy.
    return orders.append(" ELSE '~' END").toString();
  }
}
