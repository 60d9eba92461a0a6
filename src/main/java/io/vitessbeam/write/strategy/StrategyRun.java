package io.vitessbeam.write.strategy;

import static io.vitessbeam.write.VersionColumns.CURRENT;
import static io.vitessbeam.write.VersionColumns.FROM;
import static io.vitessbeam.write.VersionColumns.TO;

import io.vitessbeam.DataException;
import io.vitessbeam.WriteStrategy;
import io.vitessbeam.write.LoadSpec;
import io.vitessbeam.write.TargetTable;
import io.vitessbeam.write.VersionColumns;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Brings staged rows, of which no two have one key, into a table that stays and has room for them:
 * every strategy but replace. All in the caller's transaction.
 */
public final class StrategyRun {

  private final Dialect dialect;
  private final LoadSpec spec;
  private final TargetTable table;
  private final List<LoadedColumn> columns;
  private final List<String> key;
  private final String target;
  private final String staging;
  private final long rows;
  private final CountedChanges changes;

  /**
   * @param table for messages
   * @param target quoted
   */
  public StrategyRun(
      Dialect dialect, LoadSpec spec, TargetTable table, String target, StagedRows staged) {
    this.dialect = dialect;
    this.spec = spec;
    this.table = table;
    this.target = target;
    this.columns = staged.columns();
    this.key = staged.key();
    this.staging = staged.table();
    this.rows = staged.count();
    this.changes = new CountedChanges(dialect, table);
  }

  public void write() throws SQLException {
    switch (spec.strategy()) {
      case REPLACE -> throw new IllegalArgumentException("the rows of the table do not stay");
      case APPEND -> append();
      case MERGE -> merge();
      case DELETE_INSERT -> deleteInsert();
      case SCD2 -> keepVersions();
    }
  }

  private void insertAll() throws SQLException {
    changes.make("inserted", rows, insert() + staging + " s");
  }

  /** Inserts the staged rows {@code s} that have no row {@code t} there. */
  private void insertNew(String condition) throws SQLException {
    changes.make("inserted", without(condition), insert() + without(condition));
  }

  private String without(String condition) {
    return "%s s WHERE NOT EXISTS (SELECT 1 FROM %s t WHERE %s)"
        .formatted(staging, target, condition);
  }

  private String insert() {
    String names = list(columns, column -> dialect.quoted(column.name()));
    String values = list(columns, this::staged);
    if (spec.strategy() == WriteStrategy.SCD2) {
      names += ", " + FROM + ", " + TO + ", " + CURRENT;
      values += ", " + begun() + ", NULL, true";
    }
    return "INSERT INTO %s (%s) %s SELECT %s FROM "
        .formatted(target, names, dialect.overriding(), values);
  }

  /** Sets columns of the rows {@code t} that have a staged one {@code s}. */
  private void update(String values, String condition) throws SQLException {
    changes.make(
        "updated",
        "%s t, %s s WHERE %s".formatted(target, staging, condition),
        "UPDATE %s AS t SET %s FROM %s s WHERE %s".formatted(target, values, staging, condition));
  }

  private void append() throws SQLException {
    dialect.requireKeysApart();
    insertAll();
  }

  private void merge() throws SQLException {
    dialect.requireKeysApart();
    List<LoadedColumn> others = others();
    if (!others.isEmpty()) {
      String values =
          list(others, column -> dialect.quoted(column.name()) + " = " + staged(column));
      update(values, sameKey() + " AND " + differ(others));
    }
    dialect.requireInsertable(without(sameKey()));
    insertNew(sameKey());
  }

  private void deleteInsert() throws SQLException {
    LoadedColumn incremental = column(spec.incrementalKey());
    ReplacedRows replaced = new ReplacedRows(dialect, spec, table, incremental, target, staging);
    replaced.require();
    replaced.delete();
    dialect.requireKeysApart();
    requireNoKeyStays();
    try {
      insertAll();
    } catch (SQLException e) {
      if (!dialect.isDuplicateKey(e)) {
        throw e;
      }
      throw new DataException(
          "%s is not published: %s A row that is outside the interval and stays, or another one of the load, has this key: replace an interval that holds both, or use the strategy merge"
              .formatted(table, e.getMessage()),
          e);
    }
  }

  /** No index of the table may see to it that it has one row of a key. */
  private void requireNoKeyStays() throws SQLException {
    if (key.isEmpty()) {
      return;
    }
    List<List<String>> staying =
        dialect.rows(
            "SELECT %s, t.%s FROM %s t JOIN %s s ON %s LIMIT 1"
                .formatted(
                    list(key(), this::there),
                    dialect.quoted(spec.incrementalKey()),
                    target,
                    staging,
                    sameKey()));
    if (!staying.isEmpty()) {
      throw StayingRow.isInTheWay(table.toString(), key, spec.incrementalKey(), staying.get(0));
    }
  }

  private void keepVersions() throws SQLException {
    requireNoLater();
    dialect.requireKeysApart();
    String close = "%s = %s, %s = false".formatted(TO, begun(), CURRENT);
    String same = "t." + CURRENT + " AND " + sameKey();
    List<LoadedColumn> others = others();
    if (!others.isEmpty()) {
      update(close, same + " AND " + differ(others));
    }
    if (spec.incrementalKey().isEmpty()) {
      String there = target + " AS t";
      String absent =
          " WHERE t.%s AND NOT EXISTS (SELECT 1 FROM %s s WHERE %s)"
              .formatted(CURRENT, staging, sameKey());
      changes.make("updated", there + absent, "UPDATE " + there + " SET " + close + absent);
    }
    insertNew(same);
  }

  private void requireNoLater() throws SQLException {
    String later =
        dialect
            .rows(
                "SELECT CAST(max(%s) AS VARCHAR) FROM %s WHERE %s > %s"
                    .formatted(FROM, target, FROM, begun()))
            .get(0)
            .get(0);
    VersionColumns.requireNoLater(table.toString(), spec.begun(), later);
  }

  private LoadedColumn column(String name) {
    return columns.stream().filter(column -> column.name().equals(name)).findFirst().orElseThrow();
  }

  private List<LoadedColumn> key() {
    return key.stream().map(this::column).toList();
  }

  /** The columns that are not of the key. */
  private List<LoadedColumn> others() {
    return columns.stream().filter(column -> !key.contains(column.name())).toList();
  }

  private String sameKey() {
    return key().stream()
        .map(column -> dialect.same(there(column), staged(column), column))
        .collect(Collectors.joining(" AND "));
  }

  private String differ(List<LoadedColumn> different) {
    return different.stream()
        .map(column -> dialect.differ(there(column), staged(column), column))
        .collect(Collectors.joining(" OR ", "(", ")"));
  }

  private String there(LoadedColumn column) {
    return "t." + dialect.quoted(column.name());
  }

  private String staged(LoadedColumn column) {
    return dialect.cast("s." + dialect.quoted(column.name()), column);
  }

  private String begun() {
    return "TIMESTAMP '" + VersionColumns.text(spec.begun()) + "'";
  }

  private static String list(List<LoadedColumn> columns, Function<LoadedColumn, String> each) {
    return columns.stream().map(each).collect(Collectors.joining(", "));
  }
}
