package io.vitessbeam.write.duckdb;

import io.vitessbeam.SyncedTable;
import io.vitessbeam.Vgtid;
import io.vitessbeam.vstream.TablePlan;
import io.vitessbeam.write.FollowedTables;
import io.vitessbeam.write.SyncSpec;
import io.vitessbeam.write.TargetTable;
import io.vitessbeam.write.duckdb.merge.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;

/**
 * The table of positions, one beside the tables of each schema: per table and shard, up to where
 * its changes are in it. It also tells what the table was like then, so that it is not believed of
 * a table that was dropped, emptied or replaced since.
 */
final class Positions {

  static final String NAME = "_vitessbeam_positions";

  private final Connection connection;
  private final SyncTables tables;

  Positions(Connection connection, SyncTables tables) {
    this.connection = connection;
    this.tables = tables;
  }

  /** What a table holds now. */
  FollowedTables.Contents contents(TargetTable table) throws SQLException {
    List<String> row =
        Sql.row(connection, "SELECT max(_cdc_lsn), count(*) FROM " + tables.fullName(table));
    return new FollowedTables.Contents(row.get(0), Long.parseLong(row.get(1)));
  }

  /** The position of a table; null if there is none, or of another table of that name. */
  FollowedTables.Stored read(String keyspace, String source, TargetTable table)
      throws SQLException {
    if (!isThere(table)) {
      return null;
    }
    List<List<String>> rows =
        Sql.rows(
            connection,
            "SELECT shard, gtid, epoch, definition, greatest_lsn, row_count FROM %s WHERE"
                    .formatted(name(table))
                + " source_keyspace = %s AND source_table = %s AND lower(table_name) = lower(%s)"
                    .formatted(
                        Sql.literal(keyspace), Sql.literal(source), Sql.literal(table.table()))
                + " ORDER BY number");
    if (rows.isEmpty()) {
      return null;
    }
    List<String> first = rows.get(0);
    if (!rows.stream().allMatch(row -> row.subList(2, 6).equals(first.subList(2, 6)))) {
      return null;
    }
    return new FollowedTables.Stored(
        new Vgtid(
            keyspace,
            rows.stream().map(row -> new Vgtid.ShardGtid(row.get(0), row.get(1))).toList()),
        Integer.parseInt(first.get(2)),
        first.get(3),
        new FollowedTables.Contents(first.get(4), Long.parseLong(first.get(5))));
  }

  /** What a run did to a table, if it is the one that wrote it last; null otherwise. */
  SyncedTable writtenBy(String run, String keyspace, SyncSpec.Table table) throws SQLException {
    if (!isThere(table.target())) {
      return null;
    }
    List<String> row =
        Sql.row(
            connection,
            "SELECT copied, reason, rows_copied, inserted, updated, deleted FROM %s WHERE run = %s"
                    .formatted(name(table.target()), Sql.literal(run))
                + " AND source_keyspace = %s AND source_table = %s AND lower(table_name) ="
                    .formatted(Sql.literal(keyspace), Sql.literal(table.source()))
                + " lower(%s)".formatted(Sql.literal(table.target().table())));
    return row.isEmpty()
        ? null
        : new SyncedTable(
            keyspace + "." + table.source(),
            table.target().toString(),
            Boolean.parseBoolean(row.get(0)),
            row.get(1),
            Long.parseLong(row.get(2)),
            Long.parseLong(row.get(3)),
            Long.parseLong(row.get(4)),
            Long.parseLong(row.get(5)));
  }

  /** Replaces what is known of a table. */
  void write(
      String run, TargetTable table, TablePlan plan, Vgtid position, SyncedTable done, String now)
      throws SQLException {
    FollowedTables.Contents contents = contents(table);
    create(table);
    Sql.update(
        connection,
        "DELETE FROM %s WHERE lower(table_name) = lower(%s)"
            .formatted(name(table), Sql.literal(table.table())));
    List<Vgtid.ShardGtid> shards = position.shards();
    for (int i = 0; i < shards.size(); i++) {
      Sql.update(
          connection,
          "INSERT INTO %s VALUES (%s, %s, %s, %d, %s, %s, %d, %s, %s, %d, %s, %b, %s, %d, %d, %d,"
                  .formatted(
                      name(table),
                      Sql.literal(position.keyspace()),
                      Sql.literal(plan.table()),
                      Sql.literal(table.table()),
                      i,
                      Sql.literal(shards.get(i).shard()),
                      Sql.literal(shards.get(i).gtid()),
                      plan.epoch(),
                      Sql.literal(plan.definition()),
                      contents.greatestLsn() == null
                          ? "NULL"
                          : Sql.literal(Objects.requireNonNull(contents.greatestLsn())),
                      contents.rows(),
                      Sql.literal(run),
                      done.copied(),
                      Sql.literal(done.reason()),
                      done.rowsCopied(),
                      done.inserted(),
                      done.updated())
              + " %d, %s)".formatted(done.deleted(), now));
    }
  }

  private void create(TargetTable table) throws SQLException {
    Sql.execute(
        connection,
        List.of(
            "CREATE TABLE IF NOT EXISTS "
                + name(table)
                + " (source_keyspace VARCHAR NOT NULL, source_table VARCHAR NOT NULL, table_name"
                + " VARCHAR NOT NULL, number INTEGER NOT NULL, shard VARCHAR NOT NULL, gtid VARCHAR"
                + " NOT NULL, epoch INTEGER NOT NULL, definition VARCHAR NOT NULL, greatest_lsn"
                + " VARCHAR, row_count BIGINT NOT NULL, run VARCHAR NOT NULL, copied BOOLEAN NOT"
                + " NULL, reason VARCHAR NOT NULL, rows_copied BIGINT NOT NULL, inserted BIGINT NOT"
                + " NULL, updated BIGINT NOT NULL, deleted BIGINT NOT NULL, written_at TIMESTAMPTZ"
                + " NOT NULL)"));
  }

  private boolean isThere(TargetTable table) throws SQLException {
    return Sql.number(
            connection, "SELECT count(*) FROM duckdb_tables() WHERE " + tables.named(table, NAME))
        > 0;
  }

  private String name(TargetTable table) {
    return tables.fullName(table, NAME);
  }
}
