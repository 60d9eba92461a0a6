package io.vitessbeam.write.mysql;

import io.vitessbeam.block.Block;
import io.vitessbeam.read.Retry;
import io.vitessbeam.read.cursor.RowPackets;
import io.vitessbeam.schema.Column;
import io.vitessbeam.schema.KeyOrder;
import io.vitessbeam.schema.SqlText;
import io.vitessbeam.schema.TableSchema;
import io.vitessbeam.write.TargetTable;
import io.vitessbeam.write.follow.KnownContents;
import io.vitessbeam.write.follow.PositionTable;
import io.vitessbeam.write.follow.Positions;
import io.vitessbeam.write.follow.relay.PlainBlocks;
import io.vitessbeam.write.follow.relay.ServerTables;
import io.vitessbeam.write.follow.relay.TableUpdate;
import io.vitessbeam.write.mysql.publish.MysqlPublication;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Tables of a server of the MySQL protocol that follow a source. */
final class MysqlFollowedTables implements ServerTables {

  private final Server server;
  private final Map<String, ServerSessions> sessions = new HashMap<>();

  MysqlFollowedTables(Server server) {
    this.server = server;
  }

  private String database(TargetTable table) {
    return table.schema().isEmpty() ? server.defaultDatabase() : table.schema();
  }

  private ServerSessions sessions(TargetTable table) {
    LoadNames.requireHeld("the table", table.table());
    LoadNames.requireHeld("the database", database(table));
    return sessions.computeIfAbsent(
        database(table), name -> new ServerSessions(server.database(name), Retry.DEFAULT_PATIENCE));
  }

  private <T> T ask(String doing, TargetTable table, ServerSessions.Work<T> work) {
    return sessions(table).call(doing + " " + database(table) + "." + table.table(), work);
  }

  @Override
  public String place() {
    return server.description();
  }

  private Optional<TableInfo> info(TargetTable table) {
    return ask(
        "Looking up",
        table,
        session -> TableInfo.read(session.connection(), database(table), table.table()));
  }

  /** As the server was set up, most often by its operating system. */
  @Override
  public boolean ignoresCase() {
    return sessions(new TargetTable("", PositionTable.NAME))
        .call(
            "Looking up how names are compared at " + place(),
            session ->
                MysqlSql.rows(
                        session.connection(), "SHOW GLOBAL VARIABLES LIKE 'lower_case_table_names'")
                    .stream()
                    .anyMatch(row -> !row.get(1).equals("0")));
  }

  @Override
  public String type(TargetTable table) {
    return info(table).map(info -> info.view() ? "VIEW" : "BASE TABLE").orElse(null);
  }

  @Override
  public List<String> columns(TargetTable table) {
    return info(table).stream()
        .flatMap(info -> info.columns().stream())
        .map(TableInfo.ColumnInfo::name)
        .toList();
  }

  /** A server of the same protocol prints values as the source does. */
  @Override
  public TableSchema schema(TargetTable table, TableSchema source) {
    return info(table).orElseThrow(() -> new IllegalStateException(table + " is gone")).schema();
  }

  @Override
  public Contents contents(TargetTable table) {
    // As bytes: in a collation, what comes after the order would not sort.
    String sql =
        "SELECT CONVERT(MAX(CAST(_cdc_lsn AS BINARY)) USING utf8mb4), COUNT(*) FROM "
            + LoadNames.quoted(table.table());
    return ask(
        "Counting",
        table,
        session -> {
          try (Connection reader = sessions(table).database().reader()) {
            List<String> row = MysqlSql.rows(reader, sql).get(0);
            return new Contents(row.get(0), Long.parseLong(row.get(1)));
          }
        });
  }

  @Override
  public <T> T positions(TargetTable table, PositionWork<T> work) {
    return ask("Looking for the position of", table, session -> work.with(positions(session)));
  }

  private static Positions positions(MysqlSession session) {
    return new Positions(new MysqlPositions(session));
  }

  /** Changes what is known of a table, in a transaction. */
  private void change(TableUpdate update, PositionChange change) {
    ask(
        "Writing the position of",
        update.table(),
        session -> {
          Positions positions = positions(session);
          positions.create();
          session.atomically(() -> change.to(positions));
          return null;
        });
  }

  private interface PositionChange {
    void to(Positions positions) throws SQLException;
  }

  /** One after the other: no transaction holds them all, see {@link MysqlPublication}. */
  @Override
  public void publish(List<TableUpdate> updates) {
    for (TableUpdate update : updates) {
      if (update.rows().isPresent()) {
        publish(update, update.rows().get());
      } else {
        Contents now = publishing(update);
        change(
            update,
            positions -> {
              update.requireNotOvertaken(positions);
              update.write(positions, now);
            });
        known().published(update.table(), update.run(), now);
      }
    }
  }

  private void publish(TableUpdate update, TableUpdate.Staged rows) {
    MysqlLoad load = MysqlLoads.ofThisJvm().acquire(server.id(rows.load()));
    PositionWriter position = new PositionWriter(update);
    try {
      load.publish(rows.load().run(), rows.receipts(), position);
    } finally {
      load.release();
    }
    position.published();
  }

  private KnownContents known() {
    return new KnownContents(place(), this::contents);
  }

  /** Nobody else writes its position, see {@link TableUpdate#requireNotOvertaken}. */
  private Contents publishing(TableUpdate update) {
    return positions(
        update.table(),
        positions ->
            known().publishing(update.table(), positions.read(update.table()), update.change()));
  }

  /** Writes the position in the transaction that ends the publication of the rows before it. */
  private final class PositionWriter implements MysqlPublication.Companion {
    private final TableUpdate update;
    private Contents now;

    PositionWriter(TableUpdate update) {
      this.update = update;
    }

    @Override
    public void begin() {
      boolean claims =
          positions(
              update.table(),
              positions -> {
                update.requireNotOvertaken(positions);
                return update.changesOwner(positions);
              });
      if (claims) {
        change(update, update::claim);
      }
    }

    @Override
    public void prepareEnd() {
      now = publishing(update);
      positions(
          update.table(),
          positions -> {
            positions.create();
            return null;
          });
    }

    @Override
    public void end(MysqlSession session) throws SQLException {
      update.write(positions(session), now);
    }

    /** Unless it was by another attempt, which this one found. */
    void published() {
      if (now != null) {
        known().published(update.table(), update.run(), now);
      }
    }
  }

  @Override
  public void rows(TargetTable table, TableSchema columns, Consumer<Block> sink) {
    try (Connection reader = sessions(table).database().reader()) {
      select(reader, table, columns, "", sink);
    } catch (SQLException e) {
      throw MysqlFailures.of(reading(table), e);
    }
  }

  @Override
  public boolean finds(TableSchema key) {
    return key.columns().stream()
        .allMatch(column -> column.type().base().keyOrder() != KeyOrder.NONE);
  }

  @Override
  public void rows(
      TargetTable table, TableSchema columns, Iterator<Block> keys, Consumer<Block> sink) {
    KeyLists lists = new KeyLists(keys);
    try (Connection reader = sessions(table).database().reader()) {
      for (Optional<String> list = lists.next(); list.isPresent(); list = lists.next()) {
        select(reader, table, columns, " WHERE " + list.get(), sink);
      }
    } catch (SQLException e) {
      throw MysqlFailures.of(reading(table), e);
    }
  }

  private String reading(TargetTable table) {
    return "Reading " + database(table) + "." + table.table();
  }

  private static void select(
      Connection reader, TargetTable table, TableSchema columns, String where, Consumer<Block> sink)
      throws SQLException {
    String sql =
        "SELECT "
            + columns.columns().stream()
                .map((Column column) -> SqlText.exact("", column))
                .collect(Collectors.joining(", "))
            + " FROM "
            + LoadNames.quoted(table.table())
            + where;
    // Rows that were given can't be taken back: a failure here ends the run.
    try (RowPackets rows = RowPackets.among(reader, sql)) {
      PlainBlocks.each(columns, rows::next, sink);
    }
  }

  @Override
  public void close() {
    sessions.values().forEach(ServerSessions::close);
    sessions.clear();
  }
}
