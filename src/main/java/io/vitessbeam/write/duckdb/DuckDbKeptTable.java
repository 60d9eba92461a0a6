package io.vitessbeam.write.duckdb;

import static io.vitessbeam.write.VersionColumns.CURRENT;
import static io.vitessbeam.write.VersionColumns.FROM;
import static io.vitessbeam.write.VersionColumns.TO;

import io.vitessbeam.WriteStrategy;
import io.vitessbeam.write.LoadSpec;
import io.vitessbeam.write.VersionColumns;
import io.vitessbeam.write.duckdb.file.DuckDbSql;
import io.vitessbeam.write.duckdb.merge.TargetColumns;
import io.vitessbeam.write.strategy.LoadedColumn;
import io.vitessbeam.write.strategy.StagedRows;
import io.vitessbeam.write.strategy.StrategyRun;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A table that keeps its rows, or is new, and takes those of a load by any strategy but replace.
 * All in the caller's transaction.
 *
 * @param indexes of the target
 * @param staged the columns of the staging table
 * @param longDecimals those of them that are numbers written as text
 * @param target the columns of the target, none if it isn't there
 */
record DuckDbKeptTable(
    Connection connection,
    DuckDbStagingTables tables,
    LoadSpec spec,
    TableIndexes indexes,
    TargetColumns staged,
    Set<String> longDecimals,
    TargetColumns target) {

  /**
   * Creates the table, or makes room in it, and writes.
   *
   * @param rows how many are staged
   * @param key columns that tell rows apart; empty if nothing does
   */
  void take(long rows, List<String> key) throws SQLException {
    if (target.types().isEmpty()) {
      create();
    } else {
      makeRoom();
    }
    new StrategyRun(
            new DuckDbDialect(connection),
            spec,
            tables.table(),
            tables.target(),
            new StagedRows(tables.staging(), rows, columns(), key))
        .write();
  }

  private List<LoadedColumn> columns() {
    List<LoadedColumn> columns = new ArrayList<>();
    staged
        .types()
        .forEach(
            (name, type) ->
                columns.add(
                    new LoadedColumn(
                        name,
                        DuckDbDialect.order(type, longDecimals.contains(name)),
                        type,
                        target.typeFor(name, type))));
    return columns;
  }

  private void create() throws SQLException {
    List<String> definitions = new ArrayList<>();
    staged
        .definitions()
        .forEach((name, definition) -> definitions.add(DuckDbSql.quoted(name) + " " + definition));
    if (spec.strategy() == WriteStrategy.SCD2) {
      definitions.add(FROM + " TIMESTAMP NOT NULL");
      definitions.add(TO + " TIMESTAMP");
      definitions.add(CURRENT + " BOOLEAN NOT NULL");
    }
    DuckDbSql.execute(
        connection,
        List.of("CREATE TABLE " + tables.target() + " (" + String.join(", ", definitions) + ")"));
  }

  private void makeRoom() throws SQLException {
    if (spec.strategy() == WriteStrategy.SCD2) {
      VersionColumns.requireThere(tables.table(), target::contain);
    }
    List<String> alterations = target.alterations(tables.target(), staged.types());
    spec.requireMayChange(tables.table(), alterations);
    indexes.altering(
        () -> {
          DuckDbSql.execute(connection, alterations);
          return null;
        });
  }
}
