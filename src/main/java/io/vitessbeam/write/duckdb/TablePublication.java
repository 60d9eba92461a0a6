package io.vitessbeam.write.duckdb;

import io.vitessbeam.ConfigurationException;
import io.vitessbeam.SyncedTable;
import io.vitessbeam.Vgtid;
import io.vitessbeam.schema.TableSchema;
import io.vitessbeam.sync.TablePlan;
import io.vitessbeam.vstream.position.CdcLsn;
import io.vitessbeam.write.SyncRound;
import io.vitessbeam.write.TargetTable;
import io.vitessbeam.write.duckdb.file.DuckDbSql;
import io.vitessbeam.write.duckdb.merge.CopyDuplicates;
import io.vitessbeam.write.duckdb.merge.CopyMerge;
import io.vitessbeam.write.duckdb.merge.MergeCounts;
import io.vitessbeam.write.duckdb.merge.MergeResult;
import io.vitessbeam.write.duckdb.merge.MergeTable;
import io.vitessbeam.write.duckdb.merge.ShardChanges;
import io.vitessbeam.write.duckdb.merge.TableMerge;
import io.vitessbeam.write.duckdb.merge.TargetColumns;
import io.vitessbeam.write.follow.ContentsChange;
import io.vitessbeam.write.follow.DestinationLookUp;
import io.vitessbeam.write.follow.FollowedTables;
import io.vitessbeam.write.follow.FollowedTables.Contents;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Publishes one table of a run. */
public final class TablePublication {

  private final SyncArea area;
  private final SyncTableNames tables;
  private final SyncKey run;
  private final SyncRound round;
  private final int index;
  private final TablePlan plan;
  private final TargetTable table;
  private final SyncStagedTables staged;
  private final Connection connection;
  private Optional<ContentsChange> change = Optional.empty();
  private Contents published;

  TablePublication(
      SyncArea area,
      SyncKey run,
      SyncRound round,
      int index,
      Map<Integer, SyncStagedTables> staged) {
    this.area = area;
    this.tables = area.tables();
    this.run = run;
    this.round = round;
    this.index = index;
    this.plan = round.plan().tables().get(index);
    this.table = run.spec().targetOf(plan.table());
    this.staged = staged.get(round.plan().round());
    this.connection = area.connection();
  }

  /** In the source keyspace. */
  public String name() {
    return plan.table();
  }

  public int round() {
    return round.plan().round();
  }

  /** The table of the file, quoted. */
  public String fullName() {
    return tables.fullName(table);
  }

  public TablePlan plan() {
    return plan;
  }

  /** Up to where the table is brought. */
  public Vgtid position() {
    return round.position(plan);
  }

  /** The tables of the changes of a table that is followed, quoted. */
  public List<String> changeTables() {
    return changes().stream().map(ShardChanges::stream).toList();
  }

  /** Creates the table of the file, for rows that are brought there to be merged into. */
  public void create(TableSchema columns) throws SQLException {
    DuckDbSql.execute(connection, List.of(SyncTableNames.createRows(fullName(), columns)));
  }

  /** Merges the changes since a copy into the staged copy, in a transaction of its own. */
  CompletedCopy completeCopy() throws SQLException {
    if (!plan.copies()) {
      return CompletedCopy.NONE;
    }
    SyncLedger ledger = area.ledger(round.plan().round());
    CompletedCopy before = ledger.completedCopies().get(name());
    if (before != null) {
      return before;
    }
    DuckDbSql.execute(connection, List.of(SyncTableNames.createRows(copy(), plan.schema())));
    MergeTable copy = MergeTable.like(copy(), plan.schema());
    List<ShardChanges> changes = changes();
    return DuckDbSql.atomically(
        connection,
        () -> {
          new CopyDuplicates(connection, copy, round.plan().shards()).remove(plan.epoch(), changes);
          CompletedCopy completed =
              new CompletedCopy(staged.copiedRows(index), merge(copy, changes).counts());
          ledger.copyCompleted(name(), completed);
          return completed;
        });
  }

  private MergeResult merge(MergeTable into, List<ShardChanges> changes) throws SQLException {
    return new TableMerge(connection, into, plan.epoch(), round.plan().shards(), area.now())
        .merge(changes);
  }

  /**
   * Brings the table where its source stands, in the caller's transaction.
   *
   * @param copy what {@link #completeCopy} did
   */
  SyncedTable publish(CompletedCopy copy, DuckDbFollowedTables file) throws SQLException {
    if (isThere()) {
      new DestinationLookUp(file, run.spec()).requireOwned(name(), table);
    }
    MergeCounts counts =
        switch (plan.action()) {
          case COPY -> replace(copy);
          case COPY_AGAIN -> canMerge() ? mergeCopy() : replace(copy);
          case FOLLOW -> follow();
        };
    SyncedTable done =
        new SyncedTable(
            plan.schema().qualifiedName(),
            table.toString(),
            plan.copies(),
            plan.reason(),
            copy.rows(),
            counts.inserted(),
            counts.updated(),
            counts.deleted());
    published =
        file.write(
            new FollowedTables.Position(
                plan.table(),
                table,
                position(),
                plan.epoch(),
                plan.definition(),
                run.runId(),
                done),
            change);
    return done;
  }

  /** Notes what the table holds, when that is committed. */
  void published(DuckDbFollowedTables file) {
    file.published(table, run.runId(), published);
  }

  /** What was done to the rows that the table had; empty if others are in their place. */
  public Optional<ContentsChange> change() {
    return change;
  }

  /** Whether there is a table; what else has its name fails the run. */
  private boolean isThere() throws SQLException {
    String type = area.catalog().type(table);
    table.requireReplaceable(type, run.place().toString());
    return type != null;
  }

  private MergeCounts replace(CompletedCopy copy) throws SQLException {
    TableIndexes indexes = indexes();
    DuckDbSql.execute(
        connection,
        List.of(
            "DROP TABLE IF EXISTS " + tables.fullName(table),
            "ALTER TABLE " + copy() + " RENAME TO " + DuckDbSql.quoted(table.table())));
    indexes.createAgain();
    return copy.changed();
  }

  /** Whether there is a table to merge a copy into; with another key its rows mean nothing. */
  private boolean canMerge() throws SQLException {
    TargetColumns columns = columns();
    return columns.areFollowing() && columns.haveKey(plan.schema());
  }

  private MergeCounts mergeCopy() throws SQLException {
    List<CdcLsn> from = new ArrayList<>();
    for (String shard : round.plan().shards()) {
      from.add(SyncStaging.copied(plan, shard));
    }
    MergeTable into = evolve(columns());
    return new CopyMerge(connection, into, copy(), from).merge(area.now());
  }

  private MergeCounts follow() throws SQLException {
    TargetColumns columns = columns();
    DestinationLookUp.requireFollowing(columns.areFollowing(), table + " in " + run.place());
    if (!columns.haveKey(plan.schema())) {
      throw new ConfigurationException(
          "%s in %s has another key than (%s); run with --full-refresh to rebuild it"
              .formatted(table, run.place(), String.join(", ", plan.schema().primaryKey())));
    }
    MergeTable into = evolve(columns);
    MergeResult merged = merge(into, changes());
    change = Optional.of(merged.change());
    return merged.counts();
  }

  private MergeTable evolve(TargetColumns columns) throws SQLException {
    return indexes()
        .altering(() -> columns.evolve(connection, tables.fullName(table), plan.schema()));
  }

  private TableIndexes indexes() throws SQLException {
    String name = table + " in " + run.place();
    return TableIndexes.read(connection, name, area.catalog().named(table));
  }

  private TargetColumns columns() throws SQLException {
    return TargetColumns.read(connection, table.toString(), area.catalog().named(table));
  }

  private List<ShardChanges> changes() {
    // Rows of a copy appear all at once, and then its changes are among them.
    Vgtid resume = run.relayed() && !plan.copies() ? plan.from() : position();
    List<String> shards = round.plan().shards();
    List<ShardChanges> changes = new ArrayList<>();
    for (int i = 0; i < shards.size(); i++) {
      String copy = staged.changesAmongCopy(i, index);
      String stream = staged.stream(i, index);
      if (!copy.isEmpty() || !stream.isEmpty()) {
        String payload = resume.startingWith(shards.get(i)).encode();
        changes.add(new ShardChanges(i, shards.get(i), copy, stream, payload));
      }
    }
    return changes;
  }

  /** The table of copied rows. */
  private String copy() {
    return tables.fullName(table, tables.rowsName(round.plan().round(), index));
  }
}
