package io.vitessbeam.write.mysql;

import io.vitessbeam.SyncedTable;
import io.vitessbeam.schema.SqlText;
import io.vitessbeam.write.FollowedTables.Contents;
import io.vitessbeam.write.FollowedTables.Position;
import io.vitessbeam.write.FollowedTables.Stored;
import io.vitessbeam.write.PositionRows;
import io.vitessbeam.write.SyncSpec;
import io.vitessbeam.write.TargetTable;
import java.sql.SQLException;
import java.util.List;

/** The table of positions of a database, see {@link PositionRows}. */
final class Positions {

  private static final String TABLE = Names.quoted(PositionRows.TABLE);
  private static final String EXACT = " CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL";

  private static final String CREATE =
      "CREATE TABLE IF NOT EXISTS "
          + TABLE
          + " (source_keyspace VARCHAR(64)"
          + EXACT
          + ", source_table VARCHAR(64)"
          + EXACT
          + ", table_name VARCHAR(64)"
          + EXACT
          + ", number INT NOT NULL, shard VARCHAR(255)"
          + EXACT
          + ", gtid LONGTEXT"
          + EXACT
          + ", epoch INT NOT NULL, definition LONGTEXT"
          + EXACT
          + ", greatest_lsn LONGTEXT"
          + EXACT.replace(" NOT NULL", "")
          + ", row_count BIGINT NOT NULL, run VARCHAR(255)"
          + EXACT
          + ", copied BOOLEAN NOT NULL, reason TEXT"
          + EXACT
          + ", rows_copied BIGINT NOT NULL, inserted BIGINT NOT NULL, updated BIGINT NOT NULL,"
          + " deleted BIGINT NOT NULL, written_at DATETIME(6) NOT NULL,"
          + " PRIMARY KEY (table_name, number))"
          + " COMMENT 'vitess-beam: where tables that follow a source stand'";

  private Positions() {}

  static void create(Session session) throws SQLException {
    session.update(CREATE);
  }

  private static boolean isThere(Session session) throws SQLException {
    return session.number(
            "SELECT COUNT(*) FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND"
                + " TABLE_NAME = "
                + SqlText.literal(PositionRows.TABLE))
        > 0;
  }

  /** The position of a table; null if there is none, or of another source. */
  static Stored read(Session session, String keyspace, String source, TargetTable table)
      throws SQLException {
    if (!isThere(session)) {
      return null;
    }
    return PositionRows.stored(
        keyspace,
        Sql.rows(
            session.connection(),
            "SELECT %s FROM %s%s ORDER BY number"
                .formatted(PositionRows.STORED, TABLE, of(keyspace, source, table))));
  }

  /** See {@link io.vitessbeam.write.ServerTables#writtenBy}. */
  static SyncedTable writtenBy(Session session, String run, String keyspace, SyncSpec.Table table)
      throws SQLException {
    if (!isThere(session)) {
      return null;
    }
    List<List<String>> rows =
        Sql.rows(
            session.connection(),
            "SELECT %s FROM %s%s AND run = %s"
                .formatted(
                    PositionRows.DONE,
                    TABLE,
                    of(keyspace, table.source(), table.target()),
                    SqlText.literal(run)));
    return rows.isEmpty() ? null : PositionRows.done(keyspace, table, rows.get(0));
  }

  /**
   * See {@link io.vitessbeam.write.ServerTables#lastRun}; its rows are the caller's transaction's.
   */
  static String lastRun(Session session, TargetTable table) throws SQLException {
    return isThere(session)
        ? Sql.text(
            session.connection(),
            "SELECT run FROM "
                + TABLE
                + " WHERE number = 0 AND table_name = "
                + SqlText.literal(table.table())
                + " FOR UPDATE")
        : null;
  }

  private static String of(String keyspace, String source, TargetTable table) {
    return " WHERE source_keyspace = "
        + SqlText.literal(keyspace)
        + " AND source_table = "
        + SqlText.literal(source)
        + " AND table_name = "
        + SqlText.literal(table.table());
  }

  /** Replaces what is known of a table, in the caller's transaction. */
  static void write(Session session, Position position, Contents contents) throws SQLException {
    session.update(
        "DELETE FROM "
            + TABLE
            + " WHERE table_name = "
            + SqlText.literal(position.table().table()));
    for (String row : PositionRows.literals(position, contents, SqlText::literal)) {
      session.update("INSERT INTO " + TABLE + " VALUES (" + row + ", UTC_TIMESTAMP(6))");
    }
  }
}
