package io.vitessbeam.write.duckdb.merge;

import io.vitessbeam.DataException;
import io.vitessbeam.write.duckdb.file.DuckDbSql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Rows that a copy read twice: from one shard before they moved, and from another one after. One
 * stays: that of a shard which still has the row, as far as its changes say. A copy by VStream may
 * also give a key twice of one shard, from where the row was and from where it moved to within the
 * shard, of which the last one stays; then its changes say so.
 */
public final class CopyDuplicates {

  private static final String TWICE = "temp.main.\"_vitessbeam_twice\"";
  private static final String SAID = "temp.main.\"_vitessbeam_said\"";

  private final Connection connection;
  private final MergeTable copy;
  private final List<String> shards;

  public CopyDuplicates(Connection connection, MergeTable copy, List<String> shards) {
    this.connection = connection;
    this.copy = copy;
    this.shards = List.copyOf(shards);
  }

  /**
   * Removes them from a staged copy.
   *
   * @throws DataException if one shard has a key twice
   */
  public void remove(int epoch, List<ShardChanges> changes) throws SQLException {
    DuckDbSql.execute(
        connection,
        List.of(
            "CREATE OR REPLACE TEMP TABLE \"_vitessbeam_twice\" AS SELECT %s FROM %s GROUP BY ALL"
                    .formatted(copy.castKey(""), copy.name())
                + " HAVING count(*) > 1"));
    if (DuckDbSql.number(connection, "SELECT count(*) FROM " + TWICE) > 0) {
      OwningShard writers = new OwningShard(copy.schema().keyspace(), shards);
      writers.find(connection, copy.name());
      List<Integer> truncated = said(epoch, changes);
      failIfTwiceInOneShard(writers, truncated);
      String places =
          "SELECT t.rowid AS rid, row_number() OVER (PARTITION BY %s ORDER BY CASE WHEN s.live THEN"
                  .formatted(copy.keyList("d."))
              + " 0 WHEN s.live IS NULL THEN 1 ELSE 2 END, w.shard, t.%s DESC) AS nth FROM %s t"
                  .formatted(CdcColumns.LSN, copy.name())
              + " JOIN %s d ON".formatted(TWICE)
              + " %s %s LEFT JOIN %s s ON %s AND s.shard = w.shard"
                  .formatted(
                      copy.sameKey("t", "d"), writers.join("t"), SAID, copy.sameKey("t", "s"));
      DuckDbSql.update(
          connection,
          "DELETE FROM %s WHERE rowid IN (SELECT rid FROM (%s) WHERE nth > 1)"
              .formatted(copy.name(), places));
      DuckDbSql.execute(connection, List.of("DROP TABLE " + SAID));
    }
    DuckDbSql.execute(connection, List.of("DROP TABLE " + TWICE));
  }

  /**
   * What the changes say of these keys.
   *
   * @return the shards of which they say that every key was gone for a time
   */
  private List<Integer> said(int epoch, List<ShardChanges> changes) throws SQLException {
    List<Integer> truncated = new ArrayList<>();
    StringBuilder candidates = new StringBuilder();
    for (ShardChanges shard : changes) {
      ChangeFacts facts = ChangeFacts.of(connection, shard, copy, epoch);
      if (facts.truncates()) {
        truncated.add(shard.index());
      }
      candidates
          .append(candidates.isEmpty() ? "" : " UNION ALL ")
          .append("SELECT shard, live, ")
          .append(copy.keyList(""))
          .append(" FROM (")
          .append(new LastPerKey(copy, epoch, false).of(List.of(facts)))
          .append(")");
    }
    String none =
        "SELECT 0::SMALLINT AS shard, false AS live, %s FROM %s WHERE false"
            .formatted(copy.keyList(""), TWICE);
    DuckDbSql.execute(
        connection,
        List.of(
            "CREATE OR REPLACE TEMP TABLE \"_vitessbeam_said\" AS "
                + (candidates.isEmpty() ? none : candidates)));
    return truncated;
  }

  /** Twice at the same time, or though nothing happened to the key in between. */
  private void failIfTwiceInOneShard(OwningShard writers, List<Integer> truncated)
      throws SQLException {
    String key =
        String.join(
            " || ', ' || ", copy.keyNames().stream().map(k -> "d." + k + "::VARCHAR").toList());
    String rows =
        "%s t JOIN %s d ON %s %s LEFT JOIN %s s ON %s AND s.shard = w.shard"
            .formatted(
                copy.name(),
                TWICE,
                copy.sameKey("t", "d"),
                writers.join("t"),
                SAID,
                copy.sameKey("t", "s"));
    String atOnce = "count(*) > count(DISTINCT t.%s)".formatted(CdcColumns.LSN);
    String unsaid =
        "count(s.shard) = 0 AND NOT list_contains(%s::SMALLINT[], w.shard)".formatted(truncated);
    List<String> first =
        DuckDbSql.row(
            connection,
            "SELECT any_value(%s) FROM %s GROUP BY %s, w.shard"
                    .formatted(key, rows, copy.keyList("d."))
                + " HAVING count(*) > 1 AND (%s OR %s) LIMIT 1".formatted(atOnce, unsaid));
    if (!first.isEmpty()) {
      throw new DataException(
          "%s has more than one row with the key (%s) = (%s): choose a key that is unique"
              .formatted(
                  copy.schema().qualifiedName(), String.join(", ", copy.key()), first.get(0)));
    }
  }
}
