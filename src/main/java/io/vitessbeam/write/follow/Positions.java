package io.vitessbeam.write.follow;

import io.vitessbeam.SyncedTable;
import io.vitessbeam.Vgtid;
import io.vitessbeam.schema.TableName;
import io.vitessbeam.write.SyncSpec;
import io.vitessbeam.write.TargetTable;
import io.vitessbeam.write.follow.FollowedTables.Contents;
import io.vitessbeam.write.follow.FollowedTables.Position;
import io.vitessbeam.write.follow.FollowedTables.Stored;
import io.vitessbeam.write.follow.PositionTable.ColumnKind;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the table of positions of a destination says. It has a row per table that follows a source,
 * and shard: whose rows the table holds, and up to where its changes are in it. The rows also tell
 * what the table was like then, so that they are not believed of a table that was dropped, emptied
 * or replaced since. Whose it is is believed all the same.
 */
public final class Positions {

  /** In the order in which their values are written. */
  private static final List<Column> COLUMNS =
      List.of(
          new Column("source_keyspace", ColumnKind.IDENTIFIER),
          new Column("source_table", ColumnKind.IDENTIFIER),
          new Column("table_name", ColumnKind.IDENTIFIER),
          new Column("number", ColumnKind.INTEGER),
          new Column("shard", ColumnKind.NAME),
          new Column("gtid", ColumnKind.TEXT),
          new Column("epoch", ColumnKind.INTEGER),
          new Column("definition", ColumnKind.TEXT),
          new Column("greatest_lsn", ColumnKind.NULLABLE_TEXT),
          new Column("row_count", ColumnKind.BIGINT),
          new Column("run", ColumnKind.NAME),
          new Column("copied", ColumnKind.BOOLEAN),
          new Column("reason", ColumnKind.TEXT),
          new Column("rows_copied", ColumnKind.BIGINT),
          new Column("inserted", ColumnKind.BIGINT),
          new Column("updated", ColumnKind.BIGINT),
          new Column("deleted", ColumnKind.BIGINT),
          new Column("written_at", ColumnKind.MOMENT));

  private record Column(String name, ColumnKind kind) {}

  private static final String STORED =
      "source_keyspace, source_table, shard, gtid, epoch, definition, greatest_lsn, row_count, run";

  private static final String DONE = "copied, reason, rows_copied, inserted, updated, deleted";

  /** Before these come the owner and what is of one shard. */
  private static final int SHARD_COLUMNS = 4;

  /** Stands for the run in rows that only say whose the table is about to be. */
  private static final String CLAIM = "claimed by ";

  /** How databases print what is true. */
  private static final Set<String> TRUE = Set.of("1", "t", "true");

  private final PositionTable positions;

  public Positions(PositionTable positions) {
    this.positions = positions;
  }

  /** What is known of a table; null if nothing is. */
  public Stored read(TargetTable table) throws SQLException {
    if (!positions.exists()) {
      return null;
    }
    List<List<String>> rows =
        positions.rows(select(STORED) + positions.isOf(table) + " ORDER BY number");
    return rows.isEmpty() ? null : stored(rows);
  }

  private static Stored stored(List<List<String>> rows) {
    List<String> row = rows.get(0);
    TableName owner = new TableName(row.get(0), row.get(1));
    List<String> first = ofTable(row);
    Contents contents = new Contents(first.get(2), Long.parseLong(first.get(3)));
    // Rows that don't agree were changed by hand, and are not of one position.
    boolean known =
        !contents.equals(Contents.UNKNOWN)
            && rows.stream().allMatch(each -> ofTable(each).equals(first));
    return new Stored(
        owner,
        known
            ? new Vgtid(
                owner.keyspace(),
                rows.stream().map(each -> new Vgtid.ShardGtid(each.get(2), each.get(3))).toList())
            : null,
        Integer.parseInt(first.get(0)),
        first.get(1),
        contents,
        first.get(4));
  }

  private static List<String> ofTable(List<String> row) {
    return row.subList(SHARD_COLUMNS, row.size());
  }

  /** What a run did to a table, if it is the one that wrote it last; null otherwise. */
  public SyncedTable writtenBy(String run, String keyspace, SyncSpec.Table table)
      throws SQLException {
    if (!positions.exists()) {
      return null;
    }
    List<List<String>> rows =
        positions.rows(
            "%s%s AND run = %s AND source_keyspace = %s AND source_table = %s"
                .formatted(
                    select(DONE),
                    positions.isOf(table.target()),
                    positions.literal(run),
                    positions.literal(keyspace),
                    positions.literal(table.source())));
    return rows.isEmpty() ? null : done(keyspace, table, rows.get(0));
  }

  private static SyncedTable done(String keyspace, SyncSpec.Table table, List<String> row) {
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
   * The run that wrote what is known of a table last; null if nothing is known. That stays as it is
   * until the transaction ends.
   */
  public String lastRun(TargetTable table) throws SQLException {
    if (!positions.exists()) {
      return null;
    }
    List<List<String>> runs =
        positions.lockedRows(select("run") + "number = 0 AND " + positions.isOf(table));
    return runs.isEmpty() ? null : runs.get(0).get(0);
  }

  private String select(String columns) {
    return "SELECT " + columns + " FROM " + positions.quoted() + " WHERE ";
  }

  /** Creates the table of positions unless it is there. */
  public void create() throws SQLException {
    positions.create(
        COLUMNS.stream()
            .map(column -> column.name() + " " + positions.definition(column.kind()))
            .collect(Collectors.joining(", ")));
  }

  /** Replaces what is known of a table; the table of positions is there. */
  public void write(Position position, Contents contents) throws SQLException {
    write(position, contents, position.run());
  }

  /**
   * Notes that a table is about to be replaced by the rows of another owner, where that can't be
   * done in one transaction with the position. Whoever comes after a crash in between copies it.
   */
  public void claim(Position position) throws SQLException {
    write(position, Contents.UNKNOWN, CLAIM + position.run());
  }

  private void write(Position position, Contents contents, String run) throws SQLException {
    positions.update(
        "DELETE FROM " + positions.quoted() + " WHERE " + positions.isOf(position.table()));
    for (String row : literals(position, contents, run)) {
      positions.update(
          "INSERT INTO " + positions.quoted() + " VALUES (" + row + ", " + positions.now() + ")");
    }
  }

  private List<String> literals(Position position, Contents contents, String run) {
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
              run,
              done.copied(),
              done.reason(),
              done.rowsCopied(),
              done.inserted(),
              done.updated(),
              done.deleted());
      rows.add(
          values
              .map(value -> value instanceof String text ? positions.literal(text) : "" + value)
              .collect(Collectors.joining(", ")));
    }
    return rows;
  }
}
