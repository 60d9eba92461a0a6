package io.vitessbeam.write.postgresql;

import io.vitessbeam.SyncedTable;
import io.vitessbeam.write.FollowedTables.Contents;
import io.vitessbeam.write.FollowedTables.Position;
import io.vitessbeam.write.FollowedTables.Stored;
import io.vitessbeam.write.PositionRows;
import io.vitessbeam.write.SyncSpec;
import io.vitessbeam.write.TargetTable;
import io.vitessbeam.write.load.Digest;
import java.sql.SQLException;
import java.util.List;

/** The table of positions of a schema, see {@link PositionRows}; in the caller's transaction. */
final class Positions {

  private final Session session;
  private final TargetTable positions;

  /**
   * @param schema of the tables whose positions they are
   */
  Positions(Session session, String schema) {
    this.session = session;
    this.positions = new TargetTable(schema, PositionRows.TABLE);
  }

  /** The position of a table; null if there is none, or of another source. */
  Stored read(String keyspace, String source, TargetTable table) throws SQLException {
    if (!exists()) {
      return null;
    }
    return PositionRows.stored(
        keyspace,
        session.rows(
            "SELECT %s FROM %s%s ORDER BY number"
                .formatted(
                    PositionRows.STORED, Sql.quoted(positions), of(keyspace, source, table))));
  }

  /** See {@link io.vitessbeam.write.ServerTables#writtenBy}. */
  SyncedTable writtenBy(String run, String keyspace, SyncSpec.Table table) throws SQLException {
    if (!exists()) {
      return null;
    }
    List<List<String>> rows =
        session.rows(
            "SELECT %s FROM %s%s AND run = %s"
                .formatted(
                    PositionRows.DONE,
                    Sql.quoted(positions),
                    of(keyspace, table.source(), table.target()),
                    Sql.literal(run)));
    return rows.isEmpty() ? null : PositionRows.done(keyspace, table, rows.get(0));
  }

  /** See {@link io.vitessbeam.write.ServerTables#lastRun}. */
  String lastRun(TargetTable table) throws SQLException {
    if (!exists()) {
      return null;
    }
    List<String> runs =
        session.column(
            "SELECT run FROM %s WHERE table_name = %s LIMIT 1"
                .formatted(Sql.quoted(positions), Sql.literal(table.table())));
    return runs.isEmpty() ? null : runs.get(0);
  }

  private static String of(String keyspace, String source, TargetTable table) {
    return " WHERE source_keyspace = %s AND source_table = %s AND table_name = %s"
        .formatted(Sql.literal(keyspace), Sql.literal(source), Sql.literal(table.table()));
  }

  /** Replaces what is known of a table. */
  void write(Position position, Contents contents) throws SQLException {
    create();
    session.update(
        "DELETE FROM %s WHERE table_name = %s"
            .formatted(Sql.quoted(positions), Sql.literal(position.table().table())));
    for (String row : PositionRows.literals(position, contents, Sql::literal)) {
      session.update("INSERT INTO %s VALUES (%s, now())".formatted(Sql.quoted(positions), row));
    }
  }

  private void create() throws SQLException {
    if (exists()) {
      return;
    }
    // Two that create one table at the same time get in each other's way, even with IF NOT EXISTS.
    session.execute(
        "SELECT pg_advisory_xact_lock(" + Digest.of("positions", positions.schema()).value() + ")");
    session.execute(
        "CREATE TABLE IF NOT EXISTS "
            + Sql.quoted(positions)
            + " (source_keyspace text NOT NULL, source_table text NOT NULL, table_name text NOT"
            + " NULL, number integer NOT NULL, shard text NOT NULL, gtid text NOT NULL, epoch"
            + " integer NOT NULL, definition text NOT NULL, greatest_lsn text, row_count bigint NOT"
            + " NULL, run text NOT NULL, copied boolean NOT NULL, reason text NOT NULL, rows_copied"
            + " bigint NOT NULL, inserted bigint NOT NULL, updated bigint NOT NULL, deleted bigint"
            + " NOT NULL, written_at timestamptz NOT NULL, PRIMARY KEY (table_name, number))");
  }

  private boolean exists() throws SQLException {
    return session.number("SELECT count(*)" + Sql.CLASSES + Sql.named(positions)) > 0;
  }
}
