package io.vitessbeam.write.duckdb;

import io.vitessbeam.SyncedTable;
import io.vitessbeam.write.FollowedTables;
import io.vitessbeam.write.PositionRows;
import io.vitessbeam.write.SyncSpec;
import io.vitessbeam.write.TargetTable;
import io.vitessbeam.write.duckdb.merge.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** The tables of positions, one beside the tables of each schema, see {@link PositionRows}. */
final class Positions {

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
    return PositionRows.stored(
        keyspace,
        Sql.rows(
            connection,
            "SELECT %s FROM %s WHERE %s ORDER BY number"
                .formatted(PositionRows.STORED, name(table), of(keyspace, source, table))));
  }

  /** What a run did to a table, if it is the one that wrote it last; null otherwise. */
  SyncedTable writtenBy(String run, String keyspace, SyncSpec.Table table) throws SQLException {
    if (!isThere(table.target())) {
      return null;
    }
    List<String> row =
        Sql.row(
            connection,
            "SELECT %s FROM %s WHERE run = %s AND %s"
                .formatted(
                    PositionRows.DONE,
                    name(table.target()),
                    Sql.literal(run),
                    of(keyspace, table.source(), table.target())));
    return row.isEmpty() ? null : PositionRows.done(keyspace, table, row);
  }

  private static String of(String keyspace, String source, TargetTable table) {
    return "source_keyspace = %s AND source_table = %s AND lower(table_name) = lower(%s)"
        .formatted(Sql.literal(keyspace), Sql.literal(source), Sql.literal(table.table()));
  }

  /**
   * Replaces what is known of a table.
   *
   * @param now as an expression
   */
  void write(FollowedTables.Position position, String now) throws SQLException {
    TargetTable table = position.table();
    FollowedTables.Contents contents = contents(table);
    create(table);
    Sql.update(
        connection,
        "DELETE FROM %s WHERE lower(table_name) = lower(%s)"
            .formatted(name(table), Sql.literal(table.table())));
    for (String row : PositionRows.literals(position, contents, Sql::literal)) {
      Sql.update(connection, "INSERT INTO %s VALUES (%s, %s)".formatted(name(table), row, now));
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
            connection,
            "SELECT count(*) FROM duckdb_tables() WHERE " + tables.named(table, PositionRows.TABLE))
        > 0;
  }

  private String name(TargetTable table) {
    return tables.fullName(table, PositionRows.TABLE);
  }
}
