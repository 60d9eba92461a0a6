package io.vitessbeam.write.postgresql;

import io.vitessbeam.ConfigurationException;
import io.vitessbeam.DataException;
import io.vitessbeam.WriteStrategy;
import io.vitessbeam.write.LoadSpec;
import io.vitessbeam.write.TargetTable;
import io.vitessbeam.write.VersionColumns;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The table that a load writes, as it is found there: checked before anything is staged, and once
 * more when the rows are published.
 *
 * @param oid empty if there is no such table
 * @param columns none then
 */
public record Target(
    PostgresqlSession session,
    TargetTable table,
    Optional<String> oid,
    String kind,
    boolean owned,
    TableColumns columns) {

  /** Where tables are that name no schema. */
  static final String DEFAULT_SCHEMA = "public";

  /** What each strategy does to a table. */
  private static final Map<WriteStrategy, List<String>> NEEDED =
      Map.of(
          WriteStrategy.REPLACE, List.of("TRUNCATE", "INSERT"),
          WriteStrategy.APPEND, List.of("INSERT"),
          WriteStrategy.MERGE, List.of("SELECT", "INSERT", "UPDATE"),
          WriteStrategy.DELETE_INSERT, List.of("SELECT", "INSERT", "DELETE"),
          WriteStrategy.SCD2, List.of("SELECT", "INSERT", "UPDATE"));

  private static final Map<String, String> KINDS =
      Map.of(
          "v", "a view",
          "m", "a materialized view",
          "f", "a foreign table",
          "S", "a sequence",
          "c", "a type",
          "i", "an index");

  static Target find(PostgresqlSession session, TargetTable table) throws SQLException {
    List<List<String>> rows =
        session.rows(
            "SELECT c.oid, c.relkind, pg_has_role(c.relowner, 'USAGE')"
                + PostgresqlSql.CLASSES
                + PostgresqlSql.named(table));
    if (rows.isEmpty()) {
      return new Target(
          session,
          table,
          Optional.empty(),
          "",
          true,
          new TableColumns(table.toString(), new LinkedHashMap<>()));
    }
    List<String> row = rows.get(0);
    return new Target(
        session,
        table,
        Optional.of(row.get(0)),
        row.get(1),
        row.get(2).equals("t"),
        TableColumns.read(session, table));
  }

  boolean exists() {
    return oid.isPresent();
  }

  /**
   * Passes if a strategy can bring columns into the table.
   *
   * @param key columns that tell rows apart; empty if nothing does
   * @throws ConfigurationException naming what is in the way
   * @throws DataException if its schema is frozen and has to change
   */
  void requireFit(LoadSpec spec, List<String> key, TableColumns staged) throws SQLException {
    if (!exists()) {
      return;
    }
    if (!kind.equals("r") && !kind.equals("p")) {
      throw new ConfigurationException(
          "%s is %s, which can't be written as a table; drop it or choose another name"
              .formatted(table, KINDS.getOrDefault(kind, "no table")));
    }
    requirePrivileges(spec);
    new RowFilters(session, table, spec.strategy()).requireNone();
    boolean replaced = spec.strategy() == WriteStrategy.REPLACE;
    if (replaced) {
      requireUnreferenced();
    } else {
      if (spec.strategy() == WriteStrategy.SCD2) {
        VersionColumns.requireThere(table, columns::contains);
      }
      spec.requireMayChange(table, columns.widening(staged));
    }
    new ColumnFit(session, table, columns, staged).require(spec, key);
    List<String> alterations =
        replaced ? columns.becoming(staged, spec.primaryKey()) : columns.widening(staged);
    if (!alterations.isEmpty() && !owned) {
      throw new ConfigurationException(
          "%s would have to be altered, which only its owner may do: %s"
              .formatted(table, String.join("; ", alterations)));
    }
    requireNoViews(replaced ? columns.lost(staged) : columns.widened(staged));
  }

  private void requirePrivileges(LoadSpec spec) throws SQLException {
    List<String> missing = new ArrayList<>();
    for (String privilege : NEEDED.get(spec.strategy())) {
      if (!session.holds(
          "SELECT has_table_privilege(%s, '%s')".formatted(oid.orElseThrow(), privilege))) {
        missing.add(privilege);
      }
    }
    if (!missing.isEmpty()) {
      throw new ConfigurationException(
          "The user has no right to %s on %s; grant it"
              .formatted(String.join(", ", missing), table));
    }
  }

  private void requireUnreferenced() throws SQLException {
    List<String> others =
        session.column(
            "SELECT DISTINCT conrelid::regclass::text FROM pg_catalog.pg_constraint WHERE contype ="
                + " 'f' AND confrelid <> conrelid AND confrelid = "
                + oid.orElseThrow());
    if (!others.isEmpty()) {
      throw new ConfigurationException(
          "%s can't be replaced while foreign keys of %s refer to it; drop them, or merge"
              .formatted(table, String.join(", ", others)));
    }
  }

  private void requireNoViews(List<String> changed) throws SQLException {
    List<List<String>> views =
        session.rows(
            "SELECT DISTINCT a.attname, v.oid::regclass::text FROM pg_catalog.pg_depend d"
                + " JOIN pg_catalog.pg_rewrite r ON r.oid = d.objid"
                + " JOIN pg_catalog.pg_class v ON v.oid = r.ev_class"
                + " JOIN pg_catalog.pg_attribute a"
                + " ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid"
                + " WHERE d.classid = 'pg_catalog.pg_rewrite'::regclass"
                + " AND d.refclassid = 'pg_catalog.pg_class'::regclass"
                + " AND v.oid <> d.refobjid AND d.refobjid = "
                + oid.orElseThrow()
                + " ORDER BY 1, 2");
    for (List<String> view : views) {
      if (changed.contains(view.get(0))) {
        throw new ConfigurationException(
            "Column %s of %s is another one in the source, or none, and the view %s uses it; drop"
                    .formatted(view.get(0), table, view.get(1))
                + " the view and run again, or choose another table");
      }
    }
  }

  /** The name of the primary key's constraint, quoted, and its columns; empty if there is none. */
  Optional<PrimaryKey> primaryKey() throws SQLException {
    if (!exists()) {
      return Optional.empty();
    }
    List<List<String>> rows =
        session.rows(
            "SELECT c.conname, a.attname FROM pg_catalog.pg_constraint c"
                + " JOIN LATERAL unnest(c.conkey) WITH ORDINALITY k(attnum, place) ON true"
                + " JOIN pg_catalog.pg_attribute a"
                + " ON a.attrelid = c.conrelid AND a.attnum = k.attnum"
                + " WHERE c.contype = 'p' AND c.conrelid = "
                + oid.orElseThrow()
                + " ORDER BY k.place");
    return rows.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new PrimaryKey(
                PostgresqlSql.quoted(rows.get(0).get(0)),
                rows.stream().map(row -> row.get(1)).toList()));
  }

  record PrimaryKey(String constraint, List<String> columns) {}
}
