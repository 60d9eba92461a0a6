package io.vitessbeam.write.mysql;

import io.vitessbeam.SyncedTable;
import io.vitessbeam.WriteStrategy;
import io.vitessbeam.block.Block;
import io.vitessbeam.read.Retry;
import io.vitessbeam.read.cursor.RowPackets;
import io.vitessbeam.schema.Column;
import io.vitessbeam.schema.KeyOrder;
import io.vitessbeam.schema.SqlText;
import io.vitessbeam.schema.TableName;
import io.vitessbeam.schema.TableSchema;
import io.vitessbeam.write.SyncSpec;
import io.vitessbeam.write.TargetTable;
import io.vitessbeam.write.follow.PositionTable;
import io.vitessbeam.write.follow.Positions;
import io.vitessbeam.write.follow.relay.PlainBlocks;
import io.vitessbeam.write.follow.relay.ServerTables;
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
final class FollowedServerTables implements ServerTables {

  private final Server server;
  private final Map<String, Sessions> sessions = new HashMap<>();

  FollowedServerTables(Server server) {
    this.server = server;
  }

  private String database(TargetTable table) {
    return table.schema().isEmpty() ? server.defaultDatabase() : table.schema();
  }

  private Sessions sessions(TargetTable table) {
    Names.requireHeld("the table", table.table());
    Names.requireHeld("the database", database(table));
    return sessions.computeIfAbsent(
        database(table), name -> new Sessions(server.database(name), Retry.DEFAULT_PATIENCE));
  }

  private <T> T ask(String doing, TargetTable table, Sessions.Work<T> work) {
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
                Sql.rows(
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
            + Names.quoted(table.table());
    return ask(
        "Counting",
        table,
        session -> {
          try (Connection reader = sessions(table).database().reader()) {
            List<String> row = Sql.rows(reader, sql).get(0);
            return new Contents(row.get(0), Long.parseLong(row.get(1)));
          }
        });
  }

  @Override
  public Stored position(TargetTable table) {
    return ask(
        "Looking for the position of", table, session -> MysqlPositions.of(session).read(table));
  }

  @Override
  public SyncedTable writtenBy(String run, String keyspace, SyncSpec.Table table) {
    return ask(
        "Looking for the position of",
        table.target(),
        session -> MysqlPositions.of(session).writtenBy(run, keyspace, table));
  }

  /** One after the other: no transaction holds them all, see {@link Publication}. */
  @Override
  public void publish(List<Arrival> arrivals) {
    for (Arrival arrival : arrivals) {
      if (arrival.rows().isPresent()) {
        publish(arrival, arrival.rows().get());
      } else {
        write(arrival.position(), arrival::requireNotOvertaken);
      }
    }
  }

  private void publish(Arrival arrival, Staged rows) {
    MysqlLoad load = Loads.ofThisJvm().acquire(server.id(rows.load()));
    try {
      load.publish(
          rows.load().run(),
          rows.receipts(),
          new Arriving(arrival, rows.load().strategy() == WriteStrategy.REPLACE));
    } finally {
      load.release();
    }
  }

  /** Writes the position in the transaction that ends the publication of the rows before it. */
  private final class Arriving implements Publication.Companion {
    private final Arrival arrival;
    private final boolean replaces;
    private Contents contents;

    Arriving(Arrival arrival, boolean replaces) {
      this.arrival = arrival;
      this.replaces = replaces;
    }

    @Override
    public void begin() {
      Position position = arrival.position();
      arrival.requireNotOvertaken(lastRun(position.table()));
      Stored before = position(position.table());
      if (replaces && (before == null || !before.owner().equals(owner(position)))) {
        ask(
            "Writing whose rows are to come into",
            position.table(),
            session -> {
              Positions positions = MysqlPositions.of(session);
              positions.create();
              session.atomically(() -> positions.claim(position));
              return null;
            });
      }
    }

    private static TableName owner(Position position) {
      return new TableName(position.position().keyspace(), position.source());
    }

    @Override
    public void prepareEnd() {
      contents = contents(arrival.position().table());
      ask(
          "Writing the position of",
          arrival.position().table(),
          session -> {
            MysqlPositions.of(session).create();
            return null;
          });
    }

    @Override
    public void end(Session session) throws SQLException {
      MysqlPositions.of(session).write(arrival.position(), contents);
    }
  }

  /**
   * @param check of the run that wrote the position before
   */
  private void write(Position position, Consumer<String> check) {
    Contents contents = contents(position.table());
    sessions(position.table())
        .run(
            "Writing the position of " + position.table(),
            session -> {
              Positions positions = MysqlPositions.of(session);
              positions.create();
              session.atomically(
                  () -> {
                    String lastRun = positions.lastRun(position.table());
                    // Otherwise it is written, by an earlier try of which nobody heard.
                    if (!position.run().equals(lastRun)) {
                      check.accept(lastRun);
                    }
                    positions.write(position, contents);
                  });
            });
  }

  @Override
  public String lastRun(TargetTable table) {
    return ask(
        "Looking for the position of", table, session -> MysqlPositions.of(session).lastRun(table));
  }

  @Override
  public void rows(TargetTable table, TableSchema columns, Consumer<Block> sink) {
    try (Connection reader = sessions(table).database().reader()) {
      select(reader, table, columns, "", sink);
    } catch (SQLException e) {
      throw Failures.of(reading(table), e);
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
      throw Failures.of(reading(table), e);
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
            + Names.quoted(table.table())
            + where;
    // Rows that were given can't be taken back: a failure here ends the run.
    try (RowPackets rows = RowPackets.among(reader, sql)) {
      PlainBlocks.each(columns, rows::next, sink);
    }
  }

  @Override
  public void close() {
    sessions.values().forEach(Sessions::close);
    sessions.clear();
  }
}
