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

  /**
   * @param table for messages
   * @param key columns that tell rows apart; empty if nothing does
   * @param target quoted, as the staging table is
   */
  public StrategyRun(
      Dialect dialect,
      LoadSpec spec,
      TargetTable table,
      List<LoadedColumn> columns,
      List<String> key,
      String target,
      String staging) {
    this.dialect = dialect;
    this.spec = spec;
    this.table = table;
    this.columns = List.copyOf(columns);
    this.key = List.copyOf(key);
    this.target = target;
    this.staging = staging;
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

  /** Inserts the staged rows that a condition on them, {@code s}, holds for. */
  private void insert(String where) throws SQLException {
    String names = list(columns, column -> dialect.quoted(column.name()));
    String values = list(columns, this::staged);
    if (spec.strategy() == WriteStrategy.SCD2) {
      names += ", " + FROM + ", " + TO + ", " + CURRENT;
      values += ", " + begun() + ", NULL, true";
    }
    dialect.update(
        "INSERT INTO %s (%s) %s SELECT %s FROM %s s%s"
            .formatted(target, names, dialect.overriding(), values, staging, where));
  }

  private void append() throws SQLException {
    dialect.requireKeysApart();
    insert("");
  }

  private void merge() throws SQLException {
    dialect.requireKeysApart();
    List<LoadedColumn> others = others();
    if (!others.isEmpty()) {
      String values =
          list(others, column -> dialect.quoted(column.name()) + " = " + staged(column));
      dialect.update(
          "UPDATE %s AS t SET %s FROM %s s WHERE %s AND %s"
              .formatted(target, values, staging, sameKey(), differ(others)));
    }
    String isNew = " WHERE NOT EXISTS (SELECT 1 FROM %s t WHERE %s)".formatted(target, sameKey());
    dialect.requireInsertable(staging + " s" + isNew);
    insert(isNew);
  }

  private void deleteInsert() throws SQLException {
    LoadedColumn incremental = column(spec.incrementalKey());
    ReplacedRows replaced = new ReplacedRows(dialect, spec, table, incremental, target, staging);
    replaced.require();
    replaced.delete();
    dialect.requireKeysApart();
    requireNoKeyStays();
    try {
      insert("");
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
    String close = "UPDATE %s AS t SET %s = %s, %s = false".formatted(target, TO, begun(), CURRENT);
    List<LoadedColumn> others = others();
    if (!others.isEmpty()) {
      dialect.update(
          close
              + " FROM %s s WHERE t.%s AND %s AND %s"
                  .formatted(staging, CURRENT, sameKey(), differ(others)));
    }
    if (spec.incrementalKey().isEmpty()) {
      dialect.update(
          close
              + " WHERE t.%s AND NOT EXISTS (SELECT 1 FROM %s s WHERE %s)"
                  .formatted(CURRENT, staging, sameKey()));
    }
    insert(
        " WHERE NOT EXISTS (SELECT 1 FROM %s t WHERE t.%s AND %s)"
            .formatted(target, CURRENT, sameKey()));
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
