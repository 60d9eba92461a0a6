package io.vitessbeam.write.postgresql;

import io.vitessbeam.block.Block;
import io.vitessbeam.connect.PostgresqlFailures;
import io.vitessbeam.connect.PostgresqlUri;
import io.vitessbeam.read.postgresql.FoundTable;
import io.vitessbeam.read.postgresql.PostgresqlResolver;
import io.vitessbeam.schema.Column;
import io.vitessbeam.schema.ColumnType;
import io.vitessbeam.schema.MysqlType;
import io.vitessbeam.schema.TableName;
import io.vitessbeam.schema.TableSchema;
import io.vitessbeam.write.TargetTable;
import io.vitessbeam.write.follow.KnownContents;
import io.vitessbeam.write.follow.PositionTable;
import io.vitessbeam.write.follow.Positions;
import io.vitessbeam.write.follow.relay.ServerTables;
import io.vitessbeam.write.follow.relay.TableUpdate;
import io.vitessbeam.write.load.LoadId;
import io.vitessbeam.write.load.LoadTimings;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Tables of a PostgreSQL database that follow a source. */
final class PostgresqlFollowedTables implements ServerTables {

  private static final Map<String, String> TYPES =
      Map.of(
          "r", "BASE TABLE",
          "p", "BASE TABLE",
          "v", "VIEW",
          "m", "MATERIALIZED VIEW",
          "f", "FOREIGN TABLE",
          "S", "SEQUENCE",
          "c", "TYPE",
          "i", "INDEX",
          "I", "INDEX");

  /** A server may end a session that nobody used for longer, as while rows are merged. */
  private static final long MOST_IDLE_NANOS = Duration.ofSeconds(20).toNanos();

  private final PostgresqlUri uri;
  private PostgresqlSession session;
  private long lastUsed;

  PostgresqlFollowedTables(PostgresqlUri uri) {
    this.uri = uri;
    this.session = PostgresqlSession.patient(uri);
    this.lastUsed = System.nanoTime();
  }

  private <T> T ask(String doing, Object what, PostgresqlSession.Work<T> work) {
    if (System.nanoTime() - lastUsed > MOST_IDLE_NANOS) {
      session.close();
      session = PostgresqlSession.patient(uri);
    }
    try {
      T answer = session.transaction(PostgresqlSession.Purpose.PUBLISHING, work);
      lastUsed = System.nanoTime();
      return answer;
    } catch (SQLException e) {
      throw PostgresqlFailures.running(doing + " " + what + " in " + uri, e);
    }
  }

  @Override
  public String place() {
    return uri.toString();
  }

  @Override
  public boolean ignoresCase() {
    return false;
  }

  @Override
  public String type(TargetTable table) {
    TargetTable named = table.in(Target.DEFAULT_SCHEMA);
    List<String> kinds =
        ask(
            "Looking up",
            named,
            () ->
                session.column(
                    "SELECT c.relkind" + PostgresqlSql.CLASSES + PostgresqlSql.named(named)));
    return kinds.isEmpty() ? null : TYPES.getOrDefault(kinds.get(0), "RELATION");
  }

  @Override
  public List<String> columns(TargetTable table) {
    return List.copyOf(present(table).names());
  }

  @Override
  public Contents contents(TargetTable table) {
    return ask("Counting", table, () -> countedNow(table));
  }

  /** By bytes: no collation sorts what comes after the order as it is to be sorted. */
  private Contents countedNow(TargetTable table) throws SQLException {
    List<String> row =
        session
            .rows(
                "SELECT max(_cdc_lsn COLLATE \"C\"), count(*) FROM "
                    + PostgresqlSql.quoted(table.in(Target.DEFAULT_SCHEMA)))
            .get(0);
    return new Contents(row.get(0), Long.parseLong(row.get(1)));
  }

  @Override
  public <T> T positions(TargetTable table, PositionWork<T> work) {
    return ask("Looking for the position of", table, () -> work.with(positionsBeside(table)));
  }

  private Positions positionsBeside(TargetTable table) {
    String schema = table.in(Target.DEFAULT_SCHEMA).schema();
    return new Positions(
        new PostgresqlPositions(session, new TargetTable(schema, PositionTable.NAME)));
  }

  @Override
  public TableSchema schema(TargetTable table, TableSchema source) {
    Map<String, ColumnType> types =
        source.columns().stream()
            .collect(Collectors.toMap(column -> lower(column.name()), Column::type));
    FoundTable found = find(table);
    TableColumns present = present(table);
    return found
        .schema()
        .withColumns(
            found.schema().columns().stream()
                .map(
                    column ->
                        column.withType(
                            types.getOrDefault(
                                lower(column.name()), left(column, present.type(column.name())))))
                .toList());
  }

  private static String lower(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  /** The type of a column that the source has no more: an interval was a TIME. */
  private static ColumnType left(Column column, String present) {
    return present.equals("interval") ? ColumnType.temporal(MysqlType.TIME, 6) : column.type();
  }

  private FoundTable find(TargetTable table) {
    TargetTable named = table.in(Target.DEFAULT_SCHEMA);
    return PostgresqlResolver.find(uri, new TableName(named.schema(), named.table()))
        .orElseThrow(() -> new IllegalStateException(table + " is gone"));
  }

  private TableColumns present(TargetTable table) {
    TargetTable named = table.in(Target.DEFAULT_SCHEMA);
    return ask("Looking up", named, () -> TableColumns.read(session, named));
  }

  @Override
  public void rows(TargetTable table, TableSchema columns, Consumer<Block> sink) {
    rows(table, columns).all(sink);
  }

  /** Text is compared byte by byte, as where the rows are merged. */
  @Override
  public boolean finds(TableSchema key) {
    return true;
  }

  @Override
  public void rows(
      TargetTable table, TableSchema columns, Iterator<Block> keys, Consumer<Block> sink) {
    rows(table, columns).ofKeys(keys, sink);
  }

  private PostgresqlRows rows(TargetTable table, TableSchema columns) {
    return new PostgresqlRows(
        uri, table.in(Target.DEFAULT_SCHEMA), find(table), present(table), columns);
  }

  /** All or nothing: a table and its position, and all tables with theirs. */
  @Override
  public void publish(List<TableUpdate> updates) {
    Map<TableUpdate, PostgresqlLoad> loads = new LinkedHashMap<>();
    try {
      for (TableUpdate update : updates) {
        update
            .rows()
            .ifPresent(
                rows ->
                    loads.put(
                        update,
                        PostgresqlLoads.ofThisJvm()
                            .acquire(LoadId.of(uri, Target.DEFAULT_SCHEMA, rows.load()))));
      }
      Map<TableUpdate, Contents> now =
          ask("Publishing", names(updates), () -> publish(updates, loads));
      now.forEach((update, held) -> known().published(update.table(), update.run(), held));
      loads.values().forEach(PostgresqlLoad::published);
    } finally {
      loads.values().forEach(PostgresqlLoad::release);
    }
  }

  private static String names(List<TableUpdate> updates) {
    return updates.stream()
        .map(update -> update.table().toString())
        .collect(Collectors.joining(", "));
  }

  private KnownContents known() {
    return new KnownContents(place(), this::countedNow);
  }

  private Map<TableUpdate, Contents> publish(
      List<TableUpdate> updates, Map<TableUpdate, PostgresqlLoad> loads) throws SQLException {
    Map<TableUpdate, Contents> held = new LinkedHashMap<>();
    List<TableUpdate> inOrder = new ArrayList<>(updates);
    // Two runs that lock the same tables in different orders would wait for each other.
    inOrder.sort(Comparator.comparing(update -> update.table().toString()));
    for (TableUpdate update : inOrder) {
      TargetTable table = update.table().in(Target.DEFAULT_SCHEMA);
      Positions positions = positionsBeside(table);
      new TableLock(session, table, LoadTimings.DEFAULT).publish();
      update.requireNotOvertaken(positions);
      if (update.rows().isPresent()) {
        PostgresqlLoad load = loads.get(update);
        load.publish(session, load.spec().run(), update.rows().get().receipts());
      }
      Contents now = known().publishing(update.table(), positions.read(table), update.change());
      positions.create();
      update.write(positions, now);
      held.put(update, now);
    }
    return held;
  }

  @Override
  public void close() {
    session.close();
  }
}
