package io.vitessbeam.write.follow.relay;

import io.vitessbeam.ConfigurationException;
import io.vitessbeam.SyncedTable;
import io.vitessbeam.WriteStrategy;
import io.vitessbeam.schema.Column;
import io.vitessbeam.schema.TableSchema;
import io.vitessbeam.sync.SyncPlan;
import io.vitessbeam.sync.TablePlan;
import io.vitessbeam.write.LoadSpec;
import io.vitessbeam.write.SyncSpec;
import io.vitessbeam.write.TargetTable;
import io.vitessbeam.write.duckdb.RemoteTarget;
import io.vitessbeam.write.duckdb.SyncArea;
import io.vitessbeam.write.duckdb.TablePublication;
import io.vitessbeam.write.duckdb.merge.CdcColumns;
import io.vitessbeam.write.follow.DestinationLookUp;
import io.vitessbeam.write.follow.FollowedTables.Position;
import io.vitessbeam.write.follow.FollowedTables.Stored;
import io.vitessbeam.write.load.Run;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.duckdb.DuckDBConnection;

/**
 * Takes rows from the tables of a server into the file in which changes are merged, and brings what
 * became of them back.
 */
final class ServerTarget implements RemoteTarget {

  /** Of so many keys only the rows are taken, without a look at how many rows there are. */
  private static final long FEW_KEYS = 10_000;

  /** Of a table with this many times the keys that changed, only their rows are taken. */
  private static final int MANY_TIMES = 5;

  private final ServerDestination server;
  private final ServerTables tables;
  private final SyncSpec spec;
  private final List<SyncPlan> plans;
  private final SyncArea area;
  private final Connection connection;

  /** Columns that a server's table has and its source has not, by source table. */
  private final Map<String, List<Column>> others = new HashMap<>();

  /** Which run had brought a table where this one took it up, by source table. */
  private final Map<String, String> lastRuns = new HashMap<>();

  /**
   * @param plans of both rounds, with the types of the source
   */
  ServerTarget(
      ServerDestination server,
      ServerTables tables,
      SyncSpec spec,
      List<SyncPlan> plans,
      SyncArea area) {
    this.server = server;
    this.tables = tables;
    this.spec = spec;
    this.plans = plans;
    this.area = area;
    this.connection = area.connection();
  }

  static String sourceOf(SyncedTable done) {
    return done.source().substring(done.source().indexOf('.') + 1);
  }

  /** The same under the name that the table has at the server. */
  static SyncedTable named(SyncedTable done, TargetTable target) {
    return new SyncedTable(
        done.source(),
        target.toString(),
        done.copied(),
        done.reason(),
        done.rowsCopied(),
        done.inserted(),
        done.updated(),
        done.deleted());
  }

  @Override
  public void begin(List<TablePublication> syncs) throws SQLException {
    for (TablePublication sync : syncs) {
      TargetTable target = spec.targetOf(sync.name());
      target.requireReplaceable(tables.type(target), tables.place());
      requireOwned(sync.name(), target);
      lastRuns.put(sync.name(), tables.lastRun(target));
      if (sync.plan().action() != TablePlan.Action.COPY && canMerge(sync, target)) {
        take(sync, target);
      }
    }
  }

  private void requireOwned(String source, TargetTable target) throws SQLException {
    if (tables.type(target) != null) {
      new DestinationLookUp(tables, spec).requireOwned(source, target);
    }
  }

  /** Whether there is a table to merge into; to follow there has to be one. */
  private boolean canMerge(TablePublication sync, TargetTable target) throws SQLException {
    boolean follows = sync.plan().action() == TablePlan.Action.FOLLOW;
    String name = target + " in " + tables.place();
    if (tables.type(target) == null) {
      if (follows) {
        throw new ConfigurationException(
            name + " was dropped while its changes were read; run again");
      }
      return false;
    }
    boolean following = tables.isFollowing(target);
    boolean sameKey =
        following
            && lower(tables.schema(target, original(sync).schema()).primaryKey())
                .equals(lower(sync.plan().schema().primaryKey()));
    if (follows) {
      DestinationLookUp.requireFollowing(following, name);
      if (!sameKey) {
        throw new ConfigurationException(
            "%s has another primary key than (%s); run with --full-refresh to rebuild it"
                .formatted(name, String.join(", ", sync.plan().schema().primaryKey())));
      }
    }
    return sameKey;
  }

  private static Set<String> lower(List<String> names) {
    return names.stream().map(name -> name.toLowerCase(Locale.ROOT)).collect(Collectors.toSet());
  }

  /** Takes the rows that are merged into: all, or those of the keys that changed. */
  private void take(TablePublication sync, TargetTable target) throws SQLException {
    TableSchema there = tables.schema(target, original(sync).schema());
    List<Column> own =
        new ArrayList<>(
            there.columns().stream().filter(column -> !RawRows.isCdc(column.name())).toList());
    Set<String> ofSource =
        lower(sync.plan().schema().columns().stream().map(Column::name).toList());
    others.put(
        sync.name(),
        own.stream()
            .filter(column -> !ofSource.contains(column.name().toLowerCase(Locale.ROOT)))
            .map(Column::asNullable)
            .toList());
    sync.create(RawRows.of(there.withColumns(own)));
    own.addAll(RawRows.CDC);
    TableSchema columns = there.withColumns(own);
    try (TakenRows rows =
        new TakenRows(
            connection.unwrap(DuckDBConnection.class), RawRows.of(columns), sync.fullName())) {
      if (sync.plan().action() == TablePlan.Action.FOLLOW) {
        takeChanged(sync, target, columns, rows);
      } else {
        tables.rows(target, columns, rows);
      }
    }
  }

  private void takeChanged(
      TablePublication sync, TargetTable target, TableSchema columns, TakenRows rows)
      throws SQLException {
    List<String> changes = sync.changeTables();
    if (changes.isEmpty()) {
      return;
    }
    TableSchema key = keyOf(sync, columns);
    ChangedKeys keys = new ChangedKeys(connection, key, changes);
    if (!keys.areAll() && tables.finds(key) && areFew(keys.count(), target)) {
      tables.rows(target, columns, keys.blocks(), rows);
    } else {
      tables.rows(target, columns, rows);
    }
  }

  private boolean areFew(long keys, TargetTable target) throws SQLException {
    if (keys <= FEW_KEYS) {
      return true;
    }
    Stored stored = tables.position(target);
    // By what its position says, which need not be exact here.
    long rows = stored == null ? tables.contents(target).rows() : stored.contents().rows();
    return keys * MANY_TIMES < rows;
  }

  /** The key as the server has it, in the order of the source. */
  private static TableSchema keyOf(TablePublication sync, TableSchema columns) {
    List<Column> key = new ArrayList<>();
    for (String name : sync.plan().schema().primaryKey()) {
      columns.columns().stream()
          .filter(column -> column.name().equalsIgnoreCase(name))
          .forEach(key::add);
    }
    return columns.withColumns(key);
  }

  @Override
  public void end(List<TablePublication> syncs, List<SyncedTable> done) throws SQLException {
    List<TableUpdate> updates = new ArrayList<>();
    for (int i = 0; i < syncs.size(); i++) {
      TablePublication sync = syncs.get(i);
      TargetTable target = spec.targetOf(sync.name());
      updates.add(
          new TableUpdate(
              stage(sync, target),
              sync.change(),
              new Position(
                  sync.name(),
                  target,
                  sync.position(),
                  sync.plan().epoch(),
                  sync.plan().definition(),
                  spec.runId(),
                  named(done.get(i), target)),
              lastRuns.get(sync.name())));
    }
    tables.publish(updates);
    area.dropAll();
  }

  /** Stages the rows that a table gets, unless it stays as it is. */
  private Optional<TableUpdate.Staged> stage(TablePublication sync, TargetTable target)
      throws SQLException {
    boolean replaces = sync.plan().copies();
    TableSchema source = original(sync).schema();
    List<Column> columns = new ArrayList<>(source.columns());
    if (replaces) {
      columns.addAll(others.getOrDefault(sync.name(), List.of()));
    }
    columns.addAll(RawRows.CDC);
    MergedRows rows =
        new MergedRows(
            connection,
            sync.fullName(),
            source.withColumns(columns),
            replaces ? "" : CdcColumns.SYNCED_AT + " = " + area.now());
    if (!replaces && rows.count() == 0 && !lacksColumns(target, source, columns)) {
      return Optional.empty();
    }
    LoadSpec load =
        LoadSpec.of(spec.owner())
            .withAttempt(spec.runId())
            .withRun(Run.beginning(spec.runId()))
            .withTable(target)
            .withStrategy(replaces ? WriteStrategy.REPLACE : WriteStrategy.MERGE);
    return Optional.of(new TableUpdate.Staged(load, rows.stage(server.loader(load))));
  }

  private boolean lacksColumns(TargetTable target, TableSchema source, List<Column> columns) {
    Set<String> there =
        lower(tables.schema(target, source).columns().stream().map(Column::name).toList());
    return !there.containsAll(new HashSet<>(lower(columns.stream().map(Column::name).toList())));
  }

  private TablePlan original(TablePublication sync) {
    SyncPlan plan = plans.get(sync.round() - 1);
    return plan.tables().get(plan.indexOf(sync.name()));
  }
}
