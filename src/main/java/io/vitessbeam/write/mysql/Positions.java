package io.vitessbeam.write.mysql;

import io.vitessbeam.SyncedTable;
import io.vitessbeam.Vgtid;
import io.vitessbeam.schema.SqlText;
import io.vitessbeam.write.FollowedTables.Contents;
import io.vitessbeam.write.FollowedTables.Stored;
import io.vitessbeam.write.ServerTables.Position;
import io.vitessbeam.write.SyncSpec;
import io.vitessbeam.write.TargetTable;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The table {@code _vitessbeam_positions} of a database: per table that follows a source, and
 * shard, up to where its changes are in it. It also tells what the table was like then, so that it
 * is not believed of a table that was dropped, emptied or replaced since.
 */
final class Positions {

  static final String NAME = "_vitessbeam_positions";

  private static final String TABLE = Names.quoted(NAME);
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
                + SqlText.literal(NAME))
        > 0;
  }

  /** The position of a table; null if there is none, or of another source. */
  static Stored read(Session session, String keyspace, String source, TargetTable table)
      throws SQLException {
    if (!isThere(session)) {
      return null;
    }
    List<List<String>> rows =
        Sql.rows(
            session.connection(),
            "SELECT shard, gtid, epoch, definition, greatest_lsn, row_count FROM "
                + TABLE
                + of(keyspace, source, table)
                + " ORDER BY number");
    if (rows.isEmpty()) {
      return null;
    }
    List<String> first = rows.get(0);
    return new Stored(
        new Vgtid(
            keyspace,
            rows.stream().map(row -> new Vgtid.ShardGtid(row.get(0), row.get(1))).toList()),
        Integer.parseInt(first.get(2)),
        first.get(3),
        new Contents(first.get(4), Long.parseLong(first.get(5))));
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
            "SELECT copied, reason, rows_copied, inserted, updated, deleted FROM "
                + TABLE
                + of(keyspace, table.source(), table.target())
                + " AND run = "
                + SqlText.literal(run));
    if (rows.isEmpty()) {
      return null;
    }
    List<String> row = rows.get(0);
    return new SyncedTable(
        keyspace + "." + table.source(),
        table.target().toString(),
        row.get(0).equals("1"),
        row.get(1),
        Long.parseLong(row.get(2)),
        Long.parseLong(row.get(3)),
        Long.parseLong(row.get(4)),
        Long.parseLong(row.get(5)));
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
  static void write(Session session, Position position) throws SQLException {
    session.update(
        "DELETE FROM "
            + TABLE
            + " WHERE table_name = "
            + SqlText.literal(position.table().table()));
    Vgtid vgtid = position.stored().position();
    for (int i = 0; i < vgtid.shards().size(); i++) {
      session.update(
          "INSERT INTO " + TABLE + " VALUES (" + values(position, vgtid.shards().get(i), i) + ")");
    }
  }

  private static String values(Position position, Vgtid.ShardGtid shard, int number) {
    Stored stored = position.stored();
    SyncedTable done = position.done();
    List<Object> values = new ArrayList<>();
    values.add(stored.position().keyspace());
    values.add(position.source());
    values.add(position.table().table());
    values.add(number);
    values.add(shard.shard());
    values.add(shard.gtid());
    values.add(stored.epoch());
    values.add(stored.definition());
    values.add(stored.contents().greatestLsn());
    values.add(stored.contents().rows());
    values.add(position.run());
    values.add(done.copied() ? 1 : 0);
    values.add(done.reason());
    values.add(done.rowsCopied());
    values.add(done.inserted());
    values.add(done.updated());
    values.add(done.deleted());
    values.add(Versions.micros(position.at()));
    return values.stream()
        .map(value -> value instanceof String text ? SqlText.literal(text) : String.valueOf(value))
        .collect(Collectors.joining(", "));
  }
}
