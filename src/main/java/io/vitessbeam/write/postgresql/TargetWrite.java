package io.vitessbeam.write.postgresql;

import static io.vitessbeam.write.VersionColumns.CURRENT;
import static io.vitessbeam.write.VersionColumns.FROM;
import static io.vitessbeam.write.VersionColumns.TO;

import io.vitessbeam.DataException;
import io.vitessbeam.WriteStrategy;
import io.vitessbeam.connect.PostgresqlUri;
import io.vitessbeam.write.LoadSpec;
import io.vitessbeam.write.StayingRow;
import io.vitessbeam.write.TargetTable;
import io.vitessbeam.write.VersionColumns;
import io.vitessbeam.write.load.LoadId;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Brings staged rows, of which no two have one key, into a table that keeps its rows: every
 * strategy but replace. All in the caller's transaction.
 */
final class TargetWrite {

  private static final String MOMENT = "timestamp(6) without time zone";

  /** The columns by which scd2 knows versions. */
  static final TableColumns VERSIONS = versions();

  private final Session session;
  private final LoadSpec spec;
  private final List<String> key;
  private final TableColumns staged;
  private final TableColumns target;
  private final TargetTable name;
  private final String table;
  private final String staging;

  /** What the staged columns are in the target, by name. */
  private final Map<String, String> types = new LinkedHashMap<>();

  /**
   * @param key columns that tell rows apart; empty if nothing does
   * @param staged the columns of the staging table that are the source's
   * @param target the columns of the target, none if it isn't there
   */
  TargetWrite(
      Session session,
      LoadId<PostgresqlUri> id,
      StagingTables tables,
      List<String> key,
      TableColumns staged,
      TableColumns target) {
    this.session = session;
    this.spec = id.spec();
    this.key = key;
    this.staged = staged;
    this.target = target;
    this.name = id.table();
    this.table = Sql.quoted(id.table());
    this.staging = Sql.quoted(tables.staging());
    staged.names().forEach(name -> types.put(name, target.typeFor(name, staged.type(name))));
  }

  private static TableColumns versions() {
    Map<String, TableColumns.Present> columns = new LinkedHashMap<>();
    columns.put(FROM, new TableColumns.Present(MOMENT, true));
    columns.put(TO, new TableColumns.Present(MOMENT, false));
    columns.put(CURRENT, new TableColumns.Present("boolean", true));
    return new TableColumns(columns);
  }

  /** Creates the table, or makes room in it, and writes. */
  void write() throws SQLException {
    prepare();
    switch (spec.strategy()) {
      case REPLACE -> throw new IllegalArgumentException("the rows of the table do not stay");
      case APPEND -> insert("");
      case MERGE -> merge();
      case DELETE_INSERT -> deleteInsert();
      case SCD2 -> keepVersions();
    }
  }

  private void prepare() throws SQLException {
    if (!target.isEmpty()) {
      List<String> alterations = target.widening(staged);
      if (!alterations.isEmpty()) {
        session.execute("ALTER TABLE " + table + " " + String.join(", ", alterations));
      }
      return;
    }
    String definitions = staged.definitions();
    String create =
        switch (spec.strategy()) {
          case MERGE -> definitions + ", PRIMARY KEY (" + Sql.quoted(key) + ")";
          case SCD2 -> definitions + ", " + VERSIONS.definitions();
          // Of these a table may hold several rows of one key.
          case REPLACE, APPEND, DELETE_INSERT -> definitions;
        };
    session.execute("CREATE TABLE " + table + " (" + create + ")");
  }

  /** Inserts the staged rows that a condition on them, {@code s}, holds for. */
  private void insert(String where) throws SQLException {
    List<String> names = staged.names();
    String columns = Sql.quoted(names);
    String values = names.stream().map(this::cast).collect(Collectors.joining(", "));
    if (spec.strategy() == WriteStrategy.SCD2) {
      columns += ", " + FROM + ", " + TO + ", " + CURRENT;
      values += ", " + begun() + ", NULL, true";
    }
    session.update(
        "INSERT INTO %s (%s) %s SELECT %s FROM %s s%s"
            .formatted(table, columns, Sql.OVERRIDING, values, staging, where));
  }

  private void merge() throws SQLException {
    List<String> others = others();
    if (!others.isEmpty()) {
      session.update(
          "UPDATE %s AS t SET %s FROM %s s WHERE %s AND %s"
              .formatted(
                  table,
                  others.stream()
                      .map(name -> Sql.quoted(name) + " = " + cast(name))
                      .collect(Collectors.joining(", ")),
                  staging,
                  sameKey(),
                  differ(others)));
    }
    String isNew = " WHERE NOT EXISTS (SELECT FROM %s t WHERE %s)".formatted(table, sameKey());
    failIfUnfilled(isNew);
    insert(isNew);
  }

  /** Where every row is known, all columns have their values. */
  private void failIfUnfilled(String isNew) throws SQLException {
    List<String> unfilled = UnfilledColumns.find(session, name, target, staged.names());
    if (unfilled.isEmpty()) {
      return;
    }
    List<List<String>> rows =
        session.rows("SELECT %s FROM %s s%s LIMIT 1".formatted(Sql.quoted(key), staging, isNew));
    if (!rows.isEmpty()) {
      throw new DataException(
          "The row with %s %s is new and can't be inserted: %s"
              .formatted(
                  String.join(", ", key),
                  String.join(", ", rows.get(0)),
                  UnfilledColumns.explain(name, unfilled.get(0))));
    }
  }

  private void deleteInsert() throws SQLException {
    Interval interval = new Interval(spec.incrementalKey(), types.get(spec.incrementalKey()));
    failIfOutside(interval);
    session.update(
        "DELETE FROM %s t WHERE (%s) OR (t.%s IS NULL AND EXISTS (SELECT FROM %s s WHERE s.%s IS"
                .formatted(table, covered(interval), interval.column(), staging, interval.column())
            + " NULL))");
    failIfKeyStays();
    insert("");
  }

  /** No index of the table may see to it that it has one row of a key. */
  private void failIfKeyStays() throws SQLException {
    if (key.isEmpty()) {
      return;
    }
    List<List<String>> rows =
        session.rows(
            "SELECT %s, t.%s FROM %s t JOIN %s s ON %s LIMIT 1"
                .formatted(
                    key.stream()
                        .map(column -> "t." + Sql.quoted(column))
                        .collect(Collectors.joining(", ")),
                    Sql.quoted(spec.incrementalKey()),
                    table,
                    staging,
                    sameKey()));
    if (!rows.isEmpty()) {
      throw StayingRow.isInTheWay(name.toString(), key, spec.incrementalKey(), rows.get(0));
    }
  }

  /**
   * Whether a row of the target is of the interval that was asked for, else that the run covers.
   */
  private String covered(Interval interval) {
    String value = interval.value("t." + interval.column());
    if (!spec.interval().equals(LoadSpec.Interval.EVERYTHING)) {
      return interval.isIn(value, spec.interval());
    }
    String bound =
        "(SELECT %s FROM %s s WHERE s.%s IS NOT NULL ORDER BY 1 %s LIMIT 1)"
            .formatted(
                interval.value(cast(spec.incrementalKey())), staging, interval.column(), "%s");
    return value + " BETWEEN " + bound.formatted("ASC") + " AND " + bound.formatted("DESC");
  }

  private void failIfOutside(Interval interval) throws SQLException {
    LoadSpec.Interval asked = spec.interval();
    if (asked.equals(LoadSpec.Interval.EVERYTHING)) {
      return;
    }
    String value = interval.value(cast(spec.incrementalKey()));
    long rows =
        session.number(
            "SELECT count(*) FROM %s s WHERE NOT (%s)"
                .formatted(staging, interval.isIn(value, asked)));
    if (rows > 0) {
      throw new DataException(
          "%,d rows have a %s outside of the interval that they are to replace, from %s to %s"
              .formatted(rows, spec.incrementalKey(), asked.start(), asked.end()));
    }
  }

  private void keepVersions() throws SQLException {
    failIfLater();
    String close = "UPDATE %s AS t SET %s = %s, %s = false".formatted(table, TO, begun(), CURRENT);
    List<String> others = others();
    if (!others.isEmpty()) {
      session.update(
          close
              + " FROM %s s WHERE t.%s AND %s AND %s"
                  .formatted(staging, CURRENT, sameKey(), differ(others)));
    }
    if (spec.incrementalKey().isEmpty()) {
      session.update(
          close
              + " WHERE t.%s AND NOT EXISTS (SELECT FROM %s s WHERE %s)"
                  .formatted(CURRENT, staging, sameKey()));
    }
    insert(
        " WHERE NOT EXISTS (SELECT FROM %s t WHERE t.%s AND %s)"
            .formatted(table, CURRENT, sameKey()));
  }

  private void failIfLater() throws SQLException {
    String later = "SELECT max(%s) FROM %s WHERE %s > %s".formatted(FROM, table, FROM, begun());
    VersionColumns.requireNoLater(name.toString(), spec.begun(), session.column(later).get(0));
  }

  /** The staged columns that are not of the key. */
  private List<String> others() {
    return staged.names().stream().filter(name -> !key.contains(name)).toList();
  }

  private String sameKey() {
    return key.stream()
        .map(name -> "t." + Sql.quoted(name) + " = " + cast(name))
        .collect(Collectors.joining(" AND "));
  }

  private String differ(List<String> columns) {
    List<String> conditions = new ArrayList<>();
    for (String name : columns) {
      String type = types.get(name);
      conditions.add(
          Comparison.distinct(type, "t." + Sql.quoted(name))
              + " IS DISTINCT FROM "
              + Comparison.distinct(type, cast(name)));
    }
    return "(" + String.join(" OR ", conditions) + ")";
  }

  /** A staged value as the target holds it. */
  private String cast(String name) {
    return WiderType.cast("s." + Sql.quoted(name), staged.type(name), types.get(name));
  }

  private String begun() {
    return "TIMESTAMP " + Sql.literal(VersionColumns.text(spec.begun()));
  }
}
