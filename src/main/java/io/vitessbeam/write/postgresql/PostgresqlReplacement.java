package io.vitessbeam.write.postgresql;

import io.vitessbeam.WriteStrategy;
import io.vitessbeam.connect.PostgresqlUri;
import io.vitessbeam.write.load.LoadId;
import io.vitessbeam.write.load.LoadTimings;
import io.vitessbeam.write.load.Receipts;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * Makes the staged rows the rows of the target, with the columns of the source. All in the caller's
 * transaction.
 *
 * <p>A table that is there is emptied and filled, not dropped: views, grants, indexes, triggers and
 * whatever else hangs on it stay. Readers that come while it is filled wait. A table that isn't
 * there is the staging table under another name.
 */
final class PostgresqlReplacement {

  private final PostgresqlSession session;
  private final LoadId<PostgresqlUri> id;
  private final StagingTables tables;
  private final TableColumns staged;
  private final Target target;
  private final List<String> key;
  private final LoadTimings timings;
  private final String table;

  /**
   * @param key columns that tell rows apart; empty if nothing does
   * @param staged the columns of the staging table that are the source's
   */
  PostgresqlReplacement(
      PostgresqlSession session,
      LoadId<PostgresqlUri> id,
      StagingTables tables,
      List<String> key,
      TableColumns staged,
      Target target,
      LoadTimings timings) {
    this.timings = timings;
    this.session = session;
    this.id = id;
    this.tables = tables;
    this.staged = staged;
    this.target = target;
    this.key = primaryKey(key);
    this.table = PostgresqlSql.quoted(id.table());
  }

  /** NULL is no key, and may be one where dates without a calendar are NULL. */
  private List<String> primaryKey(List<String> columns) {
    boolean named = !id.spec().primaryKey().isEmpty();
    return named || columns.stream().allMatch(staged::isRequired) ? columns : List.of();
  }

  /**
   * @param rows how many are staged
   */
  void replace(long rows) throws SQLException {
    if (target.exists()) {
      refill(rows);
    } else if (isReady()) {
      session.execute(
          "ALTER TABLE %s RENAME TO %s"
              .formatted(
                  PostgresqlSql.quoted(tables.staging()),
                  PostgresqlSql.quoted(id.table().table())));
      addKey(key);
    } else {
      session.execute("CREATE TABLE " + table + " (" + staged.definitions() + ")");
      insert(rows);
      addKey(key);
    }
  }

  /** Whether the staging table is a table as it is to be. */
  private boolean isReady() throws SQLException {
    return session.holds(
            "SELECT c.relpersistence = 'p'"
                + PostgresqlSql.CLASSES
                + PostgresqlSql.named(tables.staging()))
        && !TableColumns.read(session, tables.staging()).contains(StagingTables.ROW);
  }

  private void refill(long rows) throws SQLException {
    new TableLock(session, id.table(), timings).take();
    session.execute("TRUNCATE TABLE " + table);
    Optional<Target.PrimaryKey> present = target.primaryKey();
    List<String> presentKey = present.map(Target.PrimaryKey::columns).orElse(List.of());
    boolean otherKey = !key.isEmpty() && !key.equals(presentKey);
    if (otherKey && present.isPresent()) {
      session.execute(
          "ALTER TABLE " + table + " DROP CONSTRAINT " + present.orElseThrow().constraint());
    }
    for (String action : target.columns().becoming(staged, key.isEmpty() ? presentKey : key)) {
      session.execute("ALTER TABLE " + table + " " + action);
    }
    insert(rows);
    addKey(otherKey ? key : List.of());
  }

  private void insert(long rows) throws SQLException {
    String columns = PostgresqlSql.quoted(staged.names());
    long inserted =
        session.update(
            "INSERT INTO %s (%s) %s SELECT %s FROM %s"
                .formatted(
                    table,
                    columns,
                    PostgresqlSql.OVERRIDING,
                    columns,
                    PostgresqlSql.quoted(tables.staging())));
    if (inserted != rows) {
      List<String> filters = new RowFilters(session, id.table(), WriteStrategy.REPLACE).triggers();
      Receipts.requirePublished(id.table(), "inserted", rows, inserted, filters);
    }
  }

  private void addKey(List<String> columns) throws SQLException {
    if (!columns.isEmpty()) {
      session.execute(
          "ALTER TABLE " + table + " ADD PRIMARY KEY (" + PostgresqlSql.quoted(columns) + ")");
    }
  }
}
