package io.vitessbeam.sync;

import io.vitessbeam.DataException;
import io.vitessbeam.NeedsRefreshException;
import io.vitessbeam.Vgtid;
import io.vitessbeam.schema.Column;
import io.vitessbeam.schema.TableSchema;
import io.vitessbeam.sync.TablePlan.Action;
import io.vitessbeam.vstream.position.GtidSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** How a run begins with one table, given what the destination has of it. */
final class TableDecision {

  private final SyncOptions options;
  private final Vgtid executed;

  /**
   * @param executed the servers' transactions, read before the tables were looked up
   */
  TableDecision(SyncOptions options, Vgtid executed) {
    this.options = options;
    this.executed = executed;
  }

  /** Whether the destination's position will be followed from, so that it has to be a good one. */
  boolean needsPosition(StoredTable stored) {
    return stored.position() != null && !options.fullRefresh();
  }

  /**
   * Decides.
   *
   * @param stored its position, if it is needed, is one that the servers can be followed from
   * @throws DataException if the table changed and must not
   * @throws NeedsRefreshException if the destination's table doesn't seem to be this one's
   */
  TablePlan decide(StoredTable stored, TableSchema schema, CarriedDefinition definition) {
    if (!needsPosition(stored)) {
      return replace(schema, definition, "");
    }
    CarriedDefinition.Change change = change(stored, schema, definition);
    if (change.ofSource()) {
      requireNotFrozen(schema, change.what());
    }
    return switch (change.effect()) {
      case FOLLOW, FOLLOW_WIDER ->
          new TablePlan(
              schema, definition.text(), Action.FOLLOW, "", stored.position(), stored.epoch());
      case COPY ->
          new TablePlan(
              schema,
              definition.text(),
              Action.COPY_AGAIN,
              change.what(),
              executed,
              epoch(stored.epoch(), stored.position()));
      case REPLACE -> replace(schema, definition, change.what());
    };
  }

  /**
   * Decides about a table whose changes could not be followed.
   *
   * @param before what was decided first
   * @param broken why it could not
   */
  TablePlan again(
      TablePlan before, String broken, TableSchema schema, CarriedDefinition definition) {
    requireNotFrozen(schema, broken);
    boolean sameKey = before.schema().primaryKey().equals(schema.primaryKey());
    return before.action() == Action.COPY || !sameKey
        ? replace(schema, definition, broken)
        : new TablePlan(
            schema,
            definition.text(),
            Action.COPY_AGAIN,
            broken,
            executed,
            epoch(before.epoch(), before.from()));
  }

  private TablePlan replace(TableSchema schema, CarriedDefinition definition, String reason) {
    return new TablePlan(schema, definition.text(), Action.COPY, reason, executed, 0);
  }

  private static CarriedDefinition.Change change(
      StoredTable stored, TableSchema schema, CarriedDefinition now) {
    if (stored.definition().isEmpty()) {
      requireColumns(stored, schema);
      return CarriedDefinition.Change.NONE;
    }
    CarriedDefinition older;
    try {
      older = CarriedDefinition.parse(stored.definition());
    } catch (IllegalArgumentException e) {
      return new CarriedDefinition.Change(
          CarriedDefinition.Effect.COPY, "its definition in the destination is unknown", false);
    }
    return now.since(older);
  }

  /**
   * Where nothing but its data tells whose rows a table holds, it has to have the columns. One that
   * it lacks is new or was left out before, so that its rows would lack its values, or the rows are
   * not of this table.
   */
  private static void requireColumns(StoredTable stored, TableSchema schema) {
    Set<String> there = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    there.addAll(stored.columns());
    List<String> missing =
        schema.columns().stream()
            .map(Column::name)
            .filter(column -> !there.contains(column))
            .toList();
    if (!missing.isEmpty()) {
      throw new NeedsRefreshException(
          "The destination doesn't say any more whose rows its table for %s holds, and the table lacks the columns %s; run with --full-refresh to rebuild it"
              .formatted(schema.qualifiedName(), String.join(", ", missing)));
    }
  }

  /** Ranks count transactions: they go on only where the set of transactions grew. */
  private int epoch(int before, Vgtid position) {
    for (String shard : executed.shardNames()) {
      if (!position.shardNames().contains(shard)
          || !GtidSet.parse(executed.gtid(shard)).contains(GtidSet.parse(position.gtid(shard)))) {
        return before + 1;
      }
    }
    return before;
  }

  private void requireNotFrozen(TableSchema schema, String what) {
    if (options.frozenSchema()) {
      throw new DataException(
          schema.qualifiedName()
              + " changed, and its schema is to be frozen: "
              + what
              + ". Allow the change, or follow the table with --full-refresh");
    }
  }
}
