package io.vitessbeam.write.duckdb.merge;

import io.vitessbeam.NeedsRefreshException;
import io.vitessbeam.write.duckdb.file.DuckDbSql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Completes rows whose last change did not send all columns: a column has the newest value that was
 * sent since the row was inserted, else the one that the table has.
 */
final class PartialImages {

  private static final String FILLED = "temp.main.\"_vitessbeam_filled\"";

  private final Connection connection;
  private final MergeTable table;

  PartialImages(Connection connection, MergeTable table) {
    this.connection = connection;
    this.table = table;
  }

  /** Makes the rows; while the old ones are still in the table. */
  void fill(ShardChanges shard) throws SQLException {
    String name = "_vitessbeam_filled_" + shard.index();
    DuckDbSql.execute(
        connection,
        List.of(
            "CREATE OR REPLACE TEMP TABLE %s AS SELECT %s, f.live, f.ord, %s AS lacking FROM (%s)"
                    .formatted(DuckDbSql.quoted(name), values(), lacking(), newest(shard))
                + " f LEFT JOIN %s t ON t.rowid = f.rid".formatted(table.name())));
    long lacking =
        DuckDbSql.number(
            connection, "SELECT count(*) FROM %s WHERE lacking AND live".formatted(filled(shard)));
    if (lacking > 0) {
      throw new NeedsRefreshException(
          "%d rows of %s, shard %s, changed without all of their columns, and the destination"
                  .formatted(lacking, table.schema().qualifiedName(), shard.shard())
              + " doesn't have the others; run with --full-refresh to rebuild it safely");
    }
  }

  long insert(ShardChanges shard, String now) throws SQLException {
    long rows =
        DuckDbSql.update(
            connection,
            "INSERT INTO %s (%s) SELECT %s, ord || %s, NOT live, %s FROM %s"
                .formatted(
                    table.name(),
                    table.insertList(),
                    String.join(", ", numbered("c", "")),
                    DuckDbSql.literal(":" + shard.payload()),
                    now,
                    filled(shard)));
    DuckDbSql.execute(connection, List.of("DROP TABLE " + filled(shard)));
    return rows;
  }

  private static String filled(ShardChanges shard) {
    return FILLED.replace("filled", "filled_" + shard.index());
  }

  /** For every such row and column: the newest value sent, and whether one was. */
  private String newest(ShardChanges shard) {
    String since =
        "SELECT a.v, a.rid, a.live, a.ord, max(h.%s) FILTER (h.%s < 2) AS born, %s FROM %s a JOIN"
                .formatted(
                    CdcColumns.PLACE,
                    CdcColumns.KIND,
                    keys("any_value(x.", ")"),
                    RowDecisions.DECISIONS)
            + " %s x ON x.%s = a.v AND x.%s IS NOT NULL AND x.%s <> 3 JOIN %s h ON %s AND h.%s <="
                .formatted(
                    shard.rows(),
                    CdcColumns.PLACE,
                    CdcColumns.ABSENT,
                    CdcColumns.KIND,
                    shard.rows(),
                    sameKey("h", "x"),
                    CdcColumns.PLACE)
            + " a.v AND h.%s < 3 WHERE a.shard = %d GROUP BY a.v, a.rid, a.live, a.ord"
                .formatted(CdcColumns.KIND, shard.index());
    List<String> sent = new ArrayList<>();
    for (int i = 0; i < table.schema().columns().size(); i++) {
      String column = DuckDbSql.quoted(table.schema().columns().get(i).name());
      String isSent =
          " FILTER (h.%s IS NULL OR substr(h.%s, %d, 1) = '0')"
              .formatted(CdcColumns.ABSENT, CdcColumns.ABSENT, i + 1);
      sent.add("arg_max_null(h.%s, h.%s)%s AS c%d".formatted(column, CdcColumns.PLACE, isSent, i));
      sent.add("count(*)%s > 0 AS s%d".formatted(isSent, i));
    }
    return "SELECT g.v, g.rid, g.live, g.ord, g.born, %s FROM (%s) g JOIN %s h ON %s AND h.%s <="
            .formatted(String.join(", ", sent), since, shard.rows(), keyOfGroup(), CdcColumns.PLACE)
        + " g.v AND h.%s >= coalesce(g.born, -1) AND h.%s < 3"
            .formatted(CdcColumns.PLACE, CdcColumns.KIND)
        + " GROUP BY g.v, g.rid, g.live, g.ord, g.born";
  }

  private String values() {
    return IntStream.range(0, table.schema().columns().size())
        .mapToObj(
            i -> {
              String name = table.schema().columns().get(i).name();
              return "CASE WHEN f.s%d THEN %s ELSE t.%s END AS c%d"
                  .formatted(i, table.cast("f.c" + i, name), DuckDbSql.quoted(name), i);
            })
        .collect(Collectors.joining(", "));
  }

  /** Whether a column is neither sent nor in the table; what was there before an INSERT is not. */
  private String lacking() {
    return "(f.rid IS NULL OR f.born IS NOT NULL) AND NOT ("
        + String.join(" AND ", numbered("s", "f."))
        + ")";
  }

  private List<String> numbered(String letter, String alias) {
    return IntStream.range(0, table.schema().columns().size())
        .mapToObj(i -> alias + letter + i)
        .toList();
  }

  private String keys(String before, String after) {
    return IntStream.range(0, table.key().size())
        .mapToObj(i -> before + DuckDbSql.quoted(table.key().get(i)) + after + " AS _k" + i)
        .collect(Collectors.joining(", "));
  }

  private String keyOfGroup() {
    return IntStream.range(0, table.key().size())
        .mapToObj(i -> "h." + DuckDbSql.quoted(table.key().get(i)) + " = g._k" + i)
        .collect(Collectors.joining(" AND "));
  }

  private String sameKey(String one, String other) {
    return table.key().stream()
        .map(
            column ->
                one
                    + "."
                    + DuckDbSql.quoted(column)
                    + " = "
                    + other
                    + "."
                    + DuckDbSql.quoted(column))
        .collect(Collectors.joining(" AND "));
  }
}
