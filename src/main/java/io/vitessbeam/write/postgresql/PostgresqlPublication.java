package io.vitessbeam.write.postgresql;

import io.vitessbeam.WriteStrategy;
import io.vitessbeam.connect.PostgresqlUri;
import io.vitessbeam.write.LoadSpec;
import io.vitessbeam.write.load.LoadId;
import io.vitessbeam.write.load.LoadTimings;
import io.vitessbeam.write.load.Receipts;
import io.vitessbeam.write.strategy.StagedKeys;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * Reconciles what was read with what is staged, and brings it into the target, in the caller's
 * transaction. PostgresqlLoads of one table are published one after the other.
 *
 * @param id in the run that it is published for
 */
record PostgresqlPublication(
    PostgresqlSession session, LoadId<PostgresqlUri> id, LoadTimings timings, Receipts read) {

  /** The number of rows published, now or by another attempt of the run. */
  long publish() throws SQLException {
    new TableLock(session, id.table(), timings).publish();
    List<StagingTables> staged = staged();
    PublishedRuns runs = new PublishedRuns(session, id);
    OptionalLong before = runs.rows();
    long rows;
    if (before.isPresent()) {
      rows = before.getAsLong();
    } else {
      Staged reconciled = reconciled(staged);
      rows = publish(reconciled.tables(), reconciled.rows());
      runs.record(rows);
    }
    for (StagingTables tables : staged) {
      session.execute(tables.drop());
    }
    return rows;
  }

  /** The staging tables of this load: several if its read was planned anew. */
  private List<StagingTables> staged() throws SQLException {
    List<StagingTables> found = new ArrayList<>();
    for (String name : session.column(StagingTables.findAll(id.table().schema()))) {
      StagingTables.parse(id.table().schema(), name)
          .filter(tables -> tables.load().equals(id.digest()))
          .ifPresent(found::add);
    }
    return found;
  }

  private record Staged(StagingTables tables, long rows) {}

  private Staged reconciled(List<StagingTables> candidates) throws SQLException {
    if (candidates.isEmpty()) {
      throw read.failure("nothing of this run is staged in " + id.place());
    }
    List<String> differences = new ArrayList<>();
    for (StagingTables tables : candidates) {
      // From here on nobody stages another reading of a range.
      session.execute("LOCK TABLE " + PostgresqlSql.quoted(tables.ledger()) + " IN SHARE MODE");
      Map<Integer, Long> ledger = ledger(tables);
      long entered =
          session.number(
              "SELECT coalesce(sum(row_count), 0) FROM " + PostgresqlSql.quoted(tables.ledger()));
      long staged =
          session.number("SELECT count(*) FROM " + PostgresqlSql.quoted(tables.staging()));
      if (read.agreeWith(ledger) && staged == entered) {
        return new Staged(tables, staged);
      }
      differences.add(
          "the ledger has %d rows in %d ranges, %d of them staged, the staging table holds %d rows"
              .formatted(Receipts.sum(ledger), ledger.size(), entered, staged));
    }
    throw read.failure(
        "%d rows were read in %d ranges, %s"
            .formatted(read.total(), read.ranges(), String.join("; or ", differences)));
  }

  /** Rows that were read, by range: those that are staged, and those that were left out. */
  private Map<Integer, Long> ledger(StagingTables tables) throws SQLException {
    Map<Integer, Long> rows = new TreeMap<>();
    for (List<String> row :
        session.rows(
            "SELECT range, sum(row_count + left_out) FROM %s GROUP BY range HAVING sum(row_count +"
                    .formatted(PostgresqlSql.quoted(tables.ledger()))
                + " left_out) > 0")) {
      rows.put(Integer.valueOf(row.get(0)), Long.valueOf(row.get(1)));
    }
    return rows;
  }

  private long publish(StagingTables tables, long read) throws SQLException {
    LoadSpec spec = id.spec();
    List<String> key = key(tables);
    TableColumns staged = TableColumns.read(session, tables.staging()).without(StagingTables.ROW);
    Target target = Target.find(session, id.table());
    target.requireFit(spec, key, staged);
    BlurredKeys blurred =
        new BlurredKeys(
            session,
            id.table(),
            spec,
            PostgresqlSql.quoted(tables.staging()),
            staged,
            target.columns());
    long rows = read;
    if (StagedKeys.matter(spec, key)) {
      rows -= keys(tables, key, staged, blurred).makeUnique();
    }
    blurred.requireApart();
    if (spec.strategy() == WriteStrategy.REPLACE) {
      new PostgresqlReplacement(session, id, tables, key, staged, target, timings).replace(rows);
    } else {
      // What the planner knows of a table that nobody has looked at yet is little.
      session.execute("ANALYZE " + PostgresqlSql.quoted(tables.staging()));
      new PostgresqlKeptTable(session, id, tables, key, rows, staged, target.columns(), blurred)
          .take();
    }
    return rows;
  }

  private StagedKeys keys(
      StagingTables tables, List<String> key, TableColumns staged, BlurredKeys blurred) {
    return new StagedKeys(
        new PostgresqlDialect(session, id.table(), key, List.of(), List.of(), blurred),
        id.spec(),
        id.table(),
        staged.loadedInto(staged),
        key,
        PostgresqlSql.quoted(tables.staging()),
        PostgresqlSql.quoted(StagingTables.ROW));
  }

  private List<String> key(StagingTables tables) throws SQLException {
    return StagedKeys.parse(
        session
            .column(
                "SELECT pg_catalog.obj_description(c.oid, 'pg_class')"
                    + PostgresqlSql.CLASSES
                    + PostgresqlSql.named(tables.ledger()))
            .get(0));
  }
}
