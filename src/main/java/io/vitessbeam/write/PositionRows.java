package io.vitessbeam.write;

import io.vitessbeam.SyncedTable;
import io.vitessbeam.Vgtid;
import io.vitessbeam.write.FollowedTables.Contents;
import io.vitessbeam.write.FollowedTables.Position;
import io.vitessbeam.write.FollowedTables.Stored;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The rows of a table of positions, which every destination keeps in the same columns: per table
 * that follows a source, and shard, up to where its changes are in it. They also tell what the
 * table was like then, so that they are not believed of a table that was dropped, emptied or
 * replaced since.
 */
public final class PositionRows {

  public static final String TABLE = "_vitessbeam_positions";

  /** What {@link #stored} reads, for rows in the order of {@code number}. */
  public static final String STORED = "shard, gtid, epoch, definition, greatest_lsn, row_count";

  /** What {@link #done} reads. */
  public static final String DONE = "copied, reason, rows_copied, inserted, updated, deleted";

  private static final int SHARD_COLUMNS = 2;

  /** How databases print what is true. */
  private static final Set<String> TRUE = Set.of("1", "t", "true");

  private PositionRows() {}

  /** What the rows of a table say; null if there are none, or they don't agree. */
  public static Stored stored(String keyspace, List<List<String>> rows) {
    if (rows.isEmpty()) {
      return null;
    }
    List<String> first = ofTable(rows.get(0));
    if (!rows.stream().allMatch(row -> ofTable(row).equals(first))) {
      return null;
    }
    return new Stored(
        new Vgtid(
            keyspace,
            rows.stream().map(row -> new Vgtid.ShardGtid(row.get(0), row.get(1))).toList()),
        Integer.parseInt(first.get(0)),
        first.get(1),
        new Contents(first.get(2), Long.parseLong(first.get(3))));
  }

  private static List<String> ofTable(List<String> row) {
    return row.subList(SHARD_COLUMNS, row.size());
  }

  /** What was done to a table, from any of its rows. */
  public static SyncedTable done(String keyspace, SyncSpec.Table table, List<String> row) {
    return new SyncedTable(
        keyspace + "." + table.source(),
        table.target().toString(),
        TRUE.contains(row.get(0)),
        row.get(1),
        Long.parseLong(row.get(2)),
        Long.parseLong(row.get(3)),
        Long.parseLong(row.get(4)),
        Long.parseLong(row.get(5)));
  }

  /**
   * The values of all columns but the last one, {@code written_at}, as they stand behind VALUES.
   *
   * @param quoted how the database writes a text
   */
  public static List<String> literals(
      Position position, Contents contents, UnaryOperator<String> quoted) {
    List<String> rows = new ArrayList<>();
    SyncedTable done = position.done();
    for (Vgtid.ShardGtid shard : position.position().shards()) {
      Stream<Object> values =
          Stream.of(
              position.position().keyspace(),
              position.source(),
              position.table().table(),
              rows.size(),
              shard.shard(),
              shard.gtid(),
              position.epoch(),
              position.definition(),
              contents.greatestLsn(),
              contents.rows(),
              position.run(),
              done.copied(),
              done.reason(),
              done.rowsCopied(),
              done.inserted(),
              done.updated(),
              done.deleted());
      rows.add(
          values
              .map(value -> value instanceof String text ? quoted.apply(text) : "" + value)
              .collect(Collectors.joining(", ")));
    }
    return rows;
  }
}
