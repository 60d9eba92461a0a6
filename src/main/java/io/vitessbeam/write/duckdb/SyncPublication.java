package io.vitessbeam.write.duckdb;

import io.vitessbeam.DataException;
import io.vitessbeam.SyncedTable;
import io.vitessbeam.sync.SyncPlan;
import io.vitessbeam.sync.TablePlan;
import io.vitessbeam.write.SyncReceipt;
import io.vitessbeam.write.SyncRound;
import io.vitessbeam.write.duckdb.file.DuckDbSql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Merges what a run staged into its tables: each copy and its changes first into one another, which
 * nobody sees, then everything into the tables and their positions in one transaction.
 *
 * <p>These are two transactions because DuckDB 1.5.6 can't replay one that changes rows of a table
 * and renames it: its log names the table as it is called in the end, so that after a crash the
 * changes meet the table that had the name before.
 */
final class SyncPublication {

  private final SyncArea area;
  private final SyncKey run;
  private final SyncRound first;
  private final SyncRound second;
  private final Connection connection;
  private final DuckDbFollowedTables file;
  private final RemoteTarget remote;

  SyncPublication(
      SyncArea area, SyncKey run, SyncRound first, SyncRound second, RemoteTarget remote) {
    this.remote = remote;
    this.area = area;
    this.run = run;
    this.first = first;
    this.second = second;
    this.connection = area.connection();
    this.file = DuckDbFollowedTables.of(area);
  }

  /** What became of the tables, now or by a former try that nobody heard of. */
  List<SyncedTable> publish(List<SyncReceipt> receipts) {
    try {
      area.file().useAllCores();
      Optional<List<SyncedTable>> before = file.writtenBy(run.spec(), first.plan());
      if (before.isPresent()) {
        DuckDbSql.atomically(connection, drops());
        return before.get();
      }
      Map<Integer, SyncStagedTables> staged = verified(receipts);
      List<TablePublication> tables = new ArrayList<>();
      for (TablePlan table : first.plan().tables()) {
        SyncRound round = roundOf(table.table());
        tables.add(
            new TablePublication(area, run, round, round.plan().indexOf(table.table()), staged));
      }
      remote.begin(tables);
      Map<String, CompletedCopy> copies = new TreeMap<>();
      for (TablePublication table : tables) {
        copies.put(table.name(), table.completeCopy());
      }
      List<SyncedTable> published =
          area.file().change(() -> DuckDbSql.atomically(connection, () -> publish(tables, copies)));
      if (!run.relayed()) {
        tables.forEach(table -> table.published(file));
      }
      remote.end(tables, published);
      return published;
    } catch (SQLException e) {
      throw area.failure("Publishing", e);
    }
  }

  private List<SyncedTable> publish(
      List<TablePublication> tables, Map<String, CompletedCopy> copies) throws SQLException {
    List<SyncedTable> done = new ArrayList<>();
    for (TablePublication table : tables) {
      done.add(table.publish(copies.get(table.name()), file));
    }
    DuckDbSql.execute(connection, drops());
    return done;
  }

  private Map<Integer, SyncStagedTables> verified(List<SyncReceipt> receipts) throws SQLException {
    Map<Integer, SyncStagedTables> staged = new TreeMap<>();
    Map<String, String> names = area.staged();
    for (SyncRound round : List.of(first, second)) {
      SyncPlan plan = round.plan();
      staged.put(plan.round(), SyncStagedTables.find(connection, names, plan.round()));
      if (!plan.tables().isEmpty()) {
        new SyncVerification(round, receipts, staged.get(plan.round())).verify(area);
      }
    }
    return staged;
  }

  /** The round that a table is taken from. */
  private SyncRound roundOf(String table) {
    String broken = first.broken(table).orElse(null);
    if (broken == null) {
      return first;
    }
    if (second.plan().indexOf(table) < 0) {
      throw new DataException(
          run.spec().keyspace() + "." + table + " has to be copied again, but was not: " + broken);
    }
    String again = second.broken(table).orElse(null);
    if (again != null) {
      throw new DataException(
          "%s.%s keeps changing while it is read (%s, then %s); run again when it is at rest"
              .formatted(run.spec().keyspace(), table, broken, again));
    }
    return second;
  }

  private List<String> drops() throws SQLException {
    List<String> drops = new ArrayList<>(area.drops(1));
    drops.addAll(area.drops(2));
    return drops;
  }
}
