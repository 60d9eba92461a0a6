package io.vitessbeam.write.duckdb;

import static io.vitessbeam.write.VersionColumns.CURRENT;
import static io.vitessbeam.write.VersionColumns.FROM;
import static io.vitessbeam.write.VersionColumns.TO;

import io.vitessbeam.ConfigurationException;
import io.vitessbeam.DataException;
import io.vitessbeam.WriteStrategy;
import io.vitessbeam.write.LoadSpec;
import io.vitessbeam.write.StayingRow;
import io.vitessbeam.write.VersionColumns;
import io.vitessbeam.write.duckdb.merge.Sql;
import io.vitessbeam.write.duckdb.merge.TargetColumns;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Brings staged rows, of which no two have one key, into a table that stays: every strategy but
 * replace. All in the caller's transaction.
 */
final class TargetWrite {

  private final Connection connection;
  private final StagingTables tables;
  private final LoadSpec spec;
  private final List<String> key;
  private final TargetColumns staged;
  private final TargetColumns target;

  /** What the staged columns are in the target, by name. */
  private final Map<String, String> types = new LinkedHashMap<>();

  /**
   * @param key columns that tell rows apart; empty if nothing does
   * @param staged the columns of the staging table
   * @param target the columns of the target, none if it isn't there
   */
  TargetWrite(
      Connection connection,
      StagingTables tables,
      LoadSpec spec,
      List<String> key,
      TargetColumns staged,
      TargetColumns target) {
    this.connection = connection;
    this.tables = tables;
    this.spec = spec;
    this.key = key;
    this.staged = staged;
    this.target = target;
    staged.types().forEach((name, type) -> types.put(name, target.typeFor(name, type)));
  }

  void write() throws SQLException {
    prepare();
    switch (spec.strategy()) {
      case REPLACE -> throw new IllegalArgumentException("the table does not stay");
      case APPEND -> insert("");
      case MERGE -> merge();
      case DELETE_INSERT -> deleteInsert();
      case SCD2 -> keepVersions();
    }
  }

  /** Creates the target, or makes room in it for what is staged. */
  private void prepare() throws SQLException {
    if (target.types().isEmpty()) {
      List<String> definitions = new ArrayList<>();
      staged
          .definitions()
          .forEach((name, definition) -> definitions.add(Sql.quoted(name) + " " + definition));
      if (isVersioned()) {
        definitions.add(FROM + " TIMESTAMP NOT NULL");
        definitions.add(TO + " TIMESTAMP");
        definitions.add(CURRENT + " BOOLEAN NOT NULL");
      }
      run("CREATE TABLE " + tables.target() + " (" + String.join(", ", definitions) + ")");
      return;
    }
    if (isVersioned() && !List.of(FROM, TO, CURRENT).stream().allMatch(target::contain)) {
      throw new ConfigurationException(
          "%s has no columns %s, %s and %s, which the strategy scd2 keeps; choose another table"
              .formatted(tables.table(), FROM, TO, CURRENT));
    }
    List<String> alterations = target.alterations(tables.target(), staged.types());
    if (spec.frozen() && !alterations.isEmpty()) {
      throw new DataException(
          "The columns of %s don't hold the rows of the source, and its schema is frozen; it would"
                  .formatted(tables.table())
              + " take: "
              + String.join("; ", alterations));
    }
    Sql.execute(connection, alterations);
  }

  private boolean isVersioned() {
    return spec.strategy() == WriteStrategy.SCD2;
  }

  /** Inserts the staged rows that a condition on them, {@code s}, holds for. */
  private void insert(String where) throws SQLException {
    List<String> names = new ArrayList<>(staged.types().keySet());
    String values = names.stream().map(name -> cast("s", name)).collect(Collectors.joining(", "));
    String columns = names.stream().map(Sql::quoted).collect(Collectors.joining(", "));
    if (isVersioned()) {
      columns += ", " + FROM + ", " + TO + ", " + CURRENT;
      values += ", " + begun() + ", NULL, true";
    }
    run(
        "INSERT INTO %s (%s) SELECT %s FROM %s s%s"
            .formatted(tables.target(), columns, values, tables.staging(), where));
  }

  private void merge() throws SQLException {
    List<String> others = others();
    if (!others.isEmpty()) {
      run(
          "UPDATE %s AS t SET %s FROM %s s WHERE %s AND %s"
              .formatted(
                  tables.target(),
                  others.stream()
                      .map(name -> Sql.quoted(name) + " = " + cast("s", name))
                      .collect(Collectors.joining(", ")),
                  tables.staging(),
                  sameKey(),
                  differ(others)));
    }
    insert(" WHERE NOT EXISTS (FROM %s t WHERE %s)".formatted(tables.target(), sameKey()));
  }

  private void deleteInsert() throws SQLException {
    String name = spec.incrementalKey();
    failIfOutside(name);
    run(
        "DELETE FROM %s t WHERE (%s) OR (t.%s IS NULL AND EXISTS (FROM %s s WHERE s.%s IS NULL))"
            .formatted(
                tables.target(),
                isInInterval(name),
                Sql.quoted(name),
                tables.staging(),
                Sql.quoted(name)));
    failIfKeyStays(name);
    try {
      insert("");
    } catch (SQLException e) {
      if (!DuckDbFailures.isDuplicateKey(e)) {
        throw e;
      }
      throw taken(e);
    }
  }

  private DataException taken(SQLException e) {
    return new DataException(
        tables.table()
            + " is not published: "
            + e.getMessage()
            + " A row that is outside the interval and stays, or another one of the load, has this"
            + " key: replace an interval that holds both, or use the strategy merge",
        e);
  }

  /** No index of the table may see to it that it has one row of a key. */
  private void failIfKeyStays(String incrementalKey) throws SQLException {
    if (key.isEmpty()) {
      return;
    }
    List<String> row =
        Sql.row(
            connection,
            "SELECT %s, t.%s FROM %s t JOIN %s s ON %s LIMIT 1"
                .formatted(
                    key.stream()
                        .map(column -> "t." + Sql.quoted(column))
                        .collect(Collectors.joining(", ")),
                    Sql.quoted(incrementalKey),
                    tables.target(),
                    tables.staging(),
                    sameKey()));
    if (!row.isEmpty()) {
      throw StayingRow.isInTheWay(tables.table().toString(), key, incrementalKey, row);
    }
  }

  /**
   * Whether a row of the target, {@code t}, is of the interval that was asked for, else covered.
   */
  private String isInInterval(String name) {
    String value = moment(name, "t." + Sql.quoted(name));
    LoadSpec.Interval asked = spec.interval();
    if (asked.equals(LoadSpec.Interval.EVERYTHING)) {
      String staged = moment(name, cast("s", name));
      return "%s BETWEEN (SELECT min(%s) FROM %s s) AND (SELECT max(%s) FROM %s s)"
          .formatted(value, staged, tables.staging(), staged, tables.staging());
    }
    List<String> conditions = new ArrayList<>();
    if (!asked.start().isEmpty()) {
      conditions.add(value + " >= " + bound(name, asked.start()));
    }
    if (!asked.end().isEmpty()) {
      conditions.add(value + " <= " + bound(name, asked.end()));
    }
    return String.join(" AND ", conditions);
  }

  private void failIfOutside(String name) throws SQLException {
    LoadSpec.Interval asked = spec.interval();
    String value = moment(name, cast("s", name));
    List<String> outside = new ArrayList<>(List.of("false"));
    if (!asked.start().isEmpty()) {
      outside.add(value + " < " + bound(name, asked.start()));
    }
    if (!asked.end().isEmpty()) {
      outside.add(value + " > " + bound(name, asked.end()));
    }
    long rows =
        Sql.number(
            connection,
            "SELECT count(*) FROM %s s WHERE %s"
                .formatted(tables.staging(), String.join(" OR ", outside)));
    if (rows > 0) {
      throw new DataException(
          "%,d rows have a %s outside of the interval that they are to replace, from %s to %s"
              .formatted(rows, name, asked.start(), asked.end()));
    }
  }

  /** A value that compares with a bound as MySQL compares them: a date is its midnight. */
  private String moment(String name, String value) {
    return types.get(name).equals("DATE") ? "CAST(" + value + " AS TIMESTAMP)" : value;
  }

  private String bound(String name, String given) {
    return switch (types.get(name)) {
      case "DATE" -> "CAST(" + Sql.literal(given) + " AS TIMESTAMP)";
      // The bounds are in UTC, whatever zone DuckDB takes from the machine.
      case "TIMESTAMP WITH TIME ZONE" ->
          "CAST(%s AS TIMESTAMPTZ)"
              .formatted(Sql.literal((given.length() == 10 ? given + " 00:00:00" : given) + "+00"));
      default -> "CAST(%s AS %s)".formatted(Sql.literal(given), types.get(name));
    };
  }

  private void keepVersions() throws SQLException {
    failIfLater();
    String close =
        "UPDATE %s AS t SET %s = %s, %s = false".formatted(tables.target(), TO, begun(), CURRENT);
    List<String> others = others();
    if (!others.isEmpty()) {
      run(
          close
              + " FROM %s s WHERE t.%s AND %s AND %s"
                  .formatted(tables.staging(), CURRENT, sameKey(), differ(others)));
    }
    if (spec.incrementalKey().isEmpty()) {
      run(
          close
              + " WHERE t.%s AND NOT EXISTS (FROM %s s WHERE %s)"
                  .formatted(CURRENT, tables.staging(), sameKey()));
    }
    insert(
        " WHERE NOT EXISTS (FROM %s t WHERE t.%s AND %s)"
            .formatted(tables.target(), CURRENT, sameKey()));
  }

  private void failIfLater() throws SQLException {
    String later =
        "SELECT CAST(max(%s) AS VARCHAR) FROM %s WHERE %s > %s"
            .formatted(FROM, tables.target(), FROM, begun());
    VersionColumns.requireNoLater(
        tables.table().toString(), spec.begun(), Sql.text(connection, later));
  }

  /** The staged columns that are not of the key. */
  private List<String> others() {
    return staged.types().keySet().stream()
        .filter(name -> key.stream().noneMatch(name::equalsIgnoreCase))
        .toList();
  }

  private String sameKey() {
    return key.stream()
        .map(name -> "t." + Sql.quoted(name) + " = " + cast("s", name))
        .collect(Collectors.joining(" AND "));
  }

  private String differ(List<String> columns) {
    return columns.stream()
        .map(name -> "t." + Sql.quoted(name) + " IS DISTINCT FROM " + cast("s", name))
        .collect(Collectors.joining(" OR ", "(", ")"));
  }

  /** A staged value as the target holds it. */
  private String cast(String alias, String name) {
    return "CAST(" + alias + "." + Sql.quoted(name) + " AS " + types.get(name) + ")";
  }

  private String begun() {
    return "TIMESTAMP " + Sql.literal(VersionColumns.text(spec.begun()));
  }

  private void run(String sql) throws SQLException {
    Sql.execute(connection, List.of(sql));
  }
}
