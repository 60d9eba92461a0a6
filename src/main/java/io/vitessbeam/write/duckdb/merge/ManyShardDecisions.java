package io.vitessbeam.write.duckdb.merge;

import io.vitessbeam.NeedsRefreshException;
import io.vitessbeam.write.duckdb.file.DuckDbSql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * Several shards, which are not ordered among each other. A row that moved from one to another is a
 * DELETE here and an INSERT there, in any order: so a live row wins over deletes of other shards,
 * and of two live rows the one that was inserted last, as far as that is known.
 */
final class ManyShardDecisions extends RowDecisions {

  private static final String CANDIDATES = "temp.main.\"_vitessbeam_candidates\"";

  private final List<String> shards;
  private final OwningShard writers;

  ManyShardDecisions(Connection connection, MergeTable table, int epoch, List<String> shards) {
    super(connection, table, epoch);
    this.shards = shards;
    this.writers = new OwningShard(table.schema().keyspace(), shards);
  }

  @Override
  void decide(List<ChangeFacts> changes) throws SQLException {
    writers.find(connection, table.name());
    DuckDbSql.execute(
        connection,
        List.of(
            "CREATE OR REPLACE TEMP TABLE \"_vitessbeam_candidates\" AS SELECT * FROM ("
                + joined(changes)
                + ") WHERE writer <> shard OR stored < ord"));
    create("SELECT * EXCLUDE (inserted, seconds, writer) FROM (" + winners(changes) + ")");
    DuckDbSql.execute(connection, List.of("DROP TABLE " + CANDIDATES));
    for (ChangeFacts shard : changes) {
      if (shard.truncates()) {
        failIfUnclear(changes, shard);
        addTruncated(
            shard,
            writers.join("t"),
            " AND %s IN (%d, -1)".formatted(OwningShard.writer(), shard.changes().index()));
      }
    }
  }

  /** The candidates with the row that has their key. */
  private String joined(List<ChangeFacts> changes) {
    return "SELECT c.*, t.%s AS was, t.rowid AS rid, %s AS writer, %s AS stored"
            .formatted(CdcColumns.DELETED, OwningShard.writer(), orderOf("t"))
        + " FROM (%s) c LEFT JOIN %s t ON %s %s"
            .formatted(
                new LastPerKey(table, epoch, true).of(changes),
                table.name(),
                table.sameKey("t", "c"),
                writers.join("t"));
  }

  private String winners(List<ChangeFacts> changes) throws SQLException {
    boolean contested =
        DuckDbSql.text(
                connection,
                "SELECT 1 FROM %s GROUP BY %s HAVING count(*) > 1 LIMIT 1"
                    .formatted(CANDIDATES, table.keyList("")))
            != null;
    String first =
        contested
            ? "SELECT * EXCLUDE (nth) FROM (SELECT *, row_number() OVER (PARTITION BY %s ORDER BY"
                    .formatted(table.keyList(""))
                + " live DESC, inserted DESC NULLS LAST, shard = writer DESC, seconds DESC, shard)"
                + " AS nth, bool_or(shard = writer) OVER (PARTITION BY %s) AS own FROM %s) WHERE"
                    .formatted(table.keyList(""), CANDIDATES)
                + " nth = 1"
            : "SELECT *, shard = writer AS own FROM " + CANDIDATES;
    return "SELECT * EXCLUDE (own) FROM (%s) WHERE rid IS NULL OR writer < 0 OR CASE WHEN live"
            .formatted(first)
        + " THEN inserted IS NOT NULL OR was OR own OR %s ELSE shard = writer END"
            .formatted(truncated(changes));
  }

  /** Whether the row's writer truncated it. */
  private static String truncated(List<ChangeFacts> changes) {
    StringBuilder condition = new StringBuilder("false");
    for (ChangeFacts shard : changes) {
      if (shard.truncates()) {
        condition.append(
            " OR writer = %d AND stored < '%s'"
                .formatted(shard.changes().index(), shard.truncation()));
      }
    }
    return "(" + condition + ")";
  }

  /** A shard truncated, but not all: rows of a former shard may be its own or those of others. */
  private void failIfUnclear(List<ChangeFacts> changes, ChangeFacts truncated) throws SQLException {
    long truncating = changes.stream().filter(ChangeFacts::truncates).count();
    if (truncating == shards.size()) {
      return;
    }
    long unclear =
        DuckDbSql.number(
            connection,
            "SELECT count(*) FROM %s t %s WHERE NOT t.%s AND %s < 0 AND t.rowid NOT IN (SELECT rid"
                    .formatted(
                        table.name(), writers.join("t"), CdcColumns.DELETED, OwningShard.writer())
                + " FROM %s WHERE rid IS NOT NULL)".formatted(DECISIONS));
    if (unclear > 0) {
      throw new NeedsRefreshException(
          "%s was truncated in shard %s, and of %d rows it isn't known whether they were there: the"
                  .formatted(table.schema().qualifiedName(), truncated.changes().shard(), unclear)
              + " shards have changed since they were written; run with --full-refresh to rebuild"
              + " the destination safely");
    }
  }
}
