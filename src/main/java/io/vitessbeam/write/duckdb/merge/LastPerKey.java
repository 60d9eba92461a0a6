package io.vitessbeam.write.duckdb.merge;

import io.vitessbeam.write.duckdb.file.DuckDbSql;
import java.util.List;

/**
 * The SQL that reduces changes to one candidate per key and shard: what the shard says of the key
 * at the end of its changes.
 *
 * <p>Columns: shard; the key; {@code v}, place of the last image of a live row, or of the last
 * change if there is none; {@code bare}, whether there is none; {@code live}; {@code ord}, the
 * order. With several shards also {@code inserted}, commit time of the INSERT that the row is there
 * from, and {@code seconds}, that of the last change.
 */
final class LastPerKey {

  private final MergeTable table;
  private final int epoch;
  private final boolean contested;

  /**
   * @param contested whether the candidates of several shards are to be compared
   */
  LastPerKey(MergeTable table, int epoch, boolean contested) {
    this.table = table;
    this.epoch = epoch;
    this.contested = contested;
  }

  String of(List<ChangeFacts> shards) {
    return String.join(" UNION ALL ", shards.stream().map(this::of).toList());
  }

  private String of(ChangeFacts shard) {
    String place = CdcColumns.PLACE;
    String kind = CdcColumns.KIND;
    String after = shard.truncates() ? " AND " + place + " > " + shard.truncatedAt() : "";
    String groups =
        String.join(
            ", ", table.key().stream().map(column -> "h." + DuckDbSql.quoted(column)).toList());
    String order = CdcColumns.order(epoch, "rank", "number");
    String alive = shard.truncates() ? "kind <> 3 AND s > " + shard.truncatedAt() : "kind <> 3";
    return "SELECT "
        + shard.changes().index()
        + "::SMALLINT AS shard, "
        + table.keyList("")
        + ", coalesce(lv, s) AS v, lv IS NULL AS bare, "
        + alive
        + " AS live, "
        + (shard.truncates()
            ? "CASE WHEN s > %d THEN %s ELSE '%s' END"
                .formatted(shard.truncatedAt(), order, shard.truncation())
            : order)
        + " AS ord"
        + (contested ? ", CASE WHEN " + alive + " THEN inserted END AS inserted, seconds" : "")
        + " FROM (SELECT "
        + table.castKey("h.")
        + ", max(%s) AS s, max(%s) FILTER (%s <> 3) AS lv".formatted(place, place, kind)
        + ", arg_max(%s, %s) AS kind".formatted(kind, place)
        + ", arg_max(%s, %s) AS rank".formatted(CdcColumns.RANK, place)
        + ", arg_max(%s, %s) AS number".formatted(CdcColumns.NUMBER, place)
        + (contested
            ? ", arg_max(%s, %s) FILTER (%s = 1%s) AS inserted"
                    .formatted(CdcColumns.SECONDS, place, kind, after)
                + ", arg_max(%s, %s) AS seconds".formatted(CdcColumns.SECONDS, place)
            : "")
        + " FROM "
        + shard.changes().rows()
        + " h WHERE "
        + kind
        + " < 4 GROUP BY "
        + groups
        + ")";
  }
}
