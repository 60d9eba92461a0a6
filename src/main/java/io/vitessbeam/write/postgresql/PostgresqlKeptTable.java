package io.vitessbeam.write.postgresql;

import static io.vitessbeam.write.VersionColumns.CURRENT;
import static io.vitessbeam.write.VersionColumns.FROM;
import static io.vitessbeam.write.VersionColumns.TO;

import io.vitessbeam.connect.PostgresqlUri;
import io.vitessbeam.write.load.LoadId;
import io.vitessbeam.write.strategy.StagedRows;
import io.vitessbeam.write.strategy.StrategyRun;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A table that keeps its rows, or is new, and takes those of a load by any strategy but replace.
 * All in the caller's transaction.
 *
 * @param key columns that tell rows apart; empty if nothing does
 * @param rows how many are staged
 * @param staged the columns of the staging table that are the source's
 * @param target the columns of the target, none if it isn't there
 * @param blurred its keys that take different ones for the same
 */
record PostgresqlKeptTable(
    PostgresqlSession session,
    LoadId<PostgresqlUri> id,
    StagingTables tables,
    List<String> key,
    long rows,
    TableColumns staged,
    TableColumns target,
    BlurredKeys blurred) {

  private static final String MOMENT = "timestamp(6) without time zone";

  /** The columns by which scd2 knows versions. */
  static final TableColumns VERSIONS = versions();

  private static TableColumns versions() {
    Map<String, TableColumns.Present> columns = new LinkedHashMap<>();
    columns.put(FROM, new TableColumns.Present(MOMENT, true));
    columns.put(TO, new TableColumns.Present(MOMENT, false));
    columns.put(CURRENT, new TableColumns.Present("boolean", true));
    return new TableColumns("", columns);
  }

  /** Creates the table, or makes room in it, and writes. */
  void take() throws SQLException {
    if (target.isEmpty()) {
      create();
    } else {
      makeRoom();
    }
    List<String> unfilled = UnfilledColumns.find(session, id.table(), target, staged.names());
    List<String> filters = new RowFilters(session, id.table(), id.spec().strategy()).triggers();
    new StrategyRun(
            new PostgresqlDialect(session, id.table(), key, filters, unfilled, blurred),
            id.spec(),
            id.table(),
            PostgresqlSql.quoted(id.table()),
            new StagedRows(
                PostgresqlSql.quoted(tables.staging()), rows, staged.loadedInto(target), key))
        .write();
  }

  private void create() throws SQLException {
    String definitions = staged.definitions();
    String all =
        switch (id.spec().strategy()) {
          case MERGE -> definitions + ", PRIMARY KEY (" + PostgresqlSql.quoted(key) + ")";
          case SCD2 -> definitions + ", " + VERSIONS.definitions();
          // Of these a table may hold several rows of one key.
          case REPLACE, APPEND, DELETE_INSERT -> definitions;
        };
    session.execute("CREATE TABLE " + PostgresqlSql.quoted(id.table()) + " (" + all + ")");
  }

  private void makeRoom() throws SQLException {
    List<String> alterations = target.widening(staged);
    if (!alterations.isEmpty()) {
      session.execute(
          "ALTER TABLE " + PostgresqlSql.quoted(id.table()) + " " + String.join(", ", alterations));
    }
  }
}
