package io.vitessbeam.write.postgresql;

import io.vitessbeam.DataException;
import io.vitessbeam.WriteStrategy;
import io.vitessbeam.write.IndistinctKeys;
import io.vitessbeam.write.LoadSpec;
import io.vitessbeam.write.TargetTable;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The unique keys of a table that take different texts for one: by a collation that is not
 * deterministic, by {@code citext}, or by {@code character(n)}, which ignores blanks at the end.
 */
final class BlurredKeys {

  private final PostgresqlSession session;
  private final TargetTable table;
  private final String staging;
  private final List<List<KeyColumn>> keys = new ArrayList<>();

  /**
   * A column of a key.
   *
   * @param type as the table has it
   * @param collation quoted, if it is not deterministic; else empty
   */
  private record KeyColumn(String name, String type, String collation) {

    /** A staged value, or one of the table, as the index compares it. */
    String compared(String alias) {
      String value = "CAST(" + alias + "." + PostgresqlSql.quoted(name) + " AS " + type + ")";
      return collation.isEmpty() ? value : value + " COLLATE " + collation;
    }

    String exact(String alias) {
      return "(" + alias + "." + PostgresqlSql.quoted(name) + ")::text COLLATE \"C\"";
    }

    String shown(String alias) {
      String value = alias + "." + PostgresqlSql.quoted(name);
      return isText() ? "quote_literal(" + value + "::text)" : value + "::text";
    }

    private boolean isText() {
      return type.equals("text") || type.equals("citext") || type.startsWith("character");
    }

    boolean isBlurred() {
      return !collation.isEmpty() || type.equals("citext") || type.startsWith("character(");
    }

    String where() {
      return collation.isEmpty()
          ? "the type %s of column %s".formatted(type, name)
          : "the collation %s of column %s".formatted(collation, name);
    }
  }

  /**
   * @param spec of the load
   * @param staged the columns of the staging table that are the source's
   * @param target the columns of the table, none if it isn't there
   */
  BlurredKeys(
      PostgresqlSession session,
      TargetTable table,
      LoadSpec spec,
      String staging,
      TableColumns staged,
      TableColumns target)
      throws SQLException {
    this.session = session;
    this.table = table;
    this.staging = staging;
    if (target.isEmpty()) {
      return;
    }
    boolean replaced = spec.strategy() == WriteStrategy.REPLACE;
    for (List<KeyColumn> index : indexes()) {
      List<KeyColumn> key =
          index.stream()
              .filter(
                  column ->
                      !PostgresqlKeptTable.VERSIONS.contains(column.name())
                          || staged.contains(column.name()))
              .toList();
      boolean stays =
          key.stream()
              .allMatch(
                  column ->
                      staged.contains(column.name())
                          && column
                              .type()
                              .equals(
                                  replaced
                                      ? staged.type(column.name())
                                      : target.typeFor(column.name(), staged.type(column.name()))));
      // A column that gets another type compares as texts do by default: byte by byte.
      if (stays && key.stream().anyMatch(KeyColumn::isBlurred)) {
        keys.add(key);
      }
    }
  }

  private List<List<KeyColumn>> indexes() throws SQLException {
    Map<String, List<KeyColumn>> indexes = new LinkedHashMap<>();
    for (List<String> row :
        session.rows(
            "SELECT i.indexrelid, coalesce(a.attname, ''), pg_catalog.format_type(a.atttypid,"
                + " a.atttypmod), CASE WHEN l.collisdeterministic THEN '' ELSE"
                + " coalesce(quote_ident(m.nspname) || '.' || quote_ident(l.collname), '') END"
                + " FROM pg_catalog.pg_index i"
                + " JOIN pg_catalog.pg_class c ON c.oid = i.indrelid"
                + " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
                + " JOIN LATERAL unnest(i.indkey::int2[], i.indcollation::oid[]) WITH ORDINALITY"
                + " k(attnum, compared_by, place) ON k.place <= i.indnkeyatts"
                + " LEFT JOIN pg_catalog.pg_attribute a"
                + " ON a.attrelid = c.oid AND a.attnum = k.attnum AND k.attnum > 0"
                + " LEFT JOIN pg_catalog.pg_collation l ON l.oid = k.compared_by"
                + " LEFT JOIN pg_catalog.pg_namespace m ON m.oid = l.collnamespace"
                + " WHERE i.indisunique AND i.indpred IS NULL AND "
                + PostgresqlSql.named(table)
                + " ORDER BY 1, k.place")) {
      indexes
          .computeIfAbsent(row.get(0), oid -> new ArrayList<>())
          .add(new KeyColumn(row.get(1), String.valueOf(row.get(2)), row.get(3)));
    }
    return List.copyOf(indexes.values());
  }

  /**
   * Passes if no two staged rows have keys that only the table takes for the same.
   *
   * @throws DataException with both keys
   */
  void requireApart() throws SQLException {
    for (List<KeyColumn> key : keys) {
      String shown = shown("s", key) + " COLLATE \"C\"";
      List<List<String>> pair =
          session.rows(
              "SELECT min(%s), max(%s) FROM %s s GROUP BY %s HAVING %s LIMIT 1"
                  .formatted(
                      shown,
                      shown,
                      staging,
                      key.stream().map(c -> c.compared("s")).collect(Collectors.joining(", ")),
                      key.stream()
                          .filter(KeyColumn::isBlurred)
                          .map(c -> c.exact("s"))
                          .map(exact -> "min(" + exact + ") <> max(" + exact + ")")
                          .collect(Collectors.joining(" OR "))));
      if (!pair.isEmpty()) {
        throw IndistinctKeys.ofLoad(
            table.toString(),
            names(key),
            pair.get(0).get(0),
            pair.get(0).get(1),
            where(key),
            remedy(key));
      }
    }
  }

  /**
   * Passes if no staged row has a key that only the table takes for that of a row that it has.
   *
   * @throws DataException with both keys
   */
  void requireNoOther() throws SQLException {
    for (List<KeyColumn> key : keys) {
      Optional<List<String>> pair =
          session
              .rows(
                  "SELECT %s, %s FROM %s s JOIN %s t ON %s WHERE %s LIMIT 1"
                      .formatted(
                          shown("s", key),
                          shown("t", key),
                          staging,
                          PostgresqlSql.quoted(table),
                          key.stream()
                              .map(c -> c.compared("t") + " = " + c.compared("s"))
                              .collect(Collectors.joining(" AND ")),
                          key.stream()
                              .filter(KeyColumn::isBlurred)
                              .map(c -> c.exact("t") + " <> " + c.exact("s"))
                              .collect(Collectors.joining(" OR ", "(", ")"))))
              .stream()
              .findFirst();
      if (pair.isPresent()) {
        throw IndistinctKeys.ofTable(
            table.toString(),
            names(key),
            pair.get().get(0),
            pair.get().get(1),
            where(key),
            remedy(key));
      }
    }
  }

  private static String shown(String alias, List<KeyColumn> key) {
    return key.stream()
        .map(column -> column.shown(alias))
        .collect(Collectors.joining(", ", "concat_ws(', ', ", ")"));
  }

  private static List<String> names(List<KeyColumn> key) {
    return key.stream().map(KeyColumn::name).toList();
  }

  private static String where(List<KeyColumn> key) {
    return key.stream()
        .filter(KeyColumn::isBlurred)
        .map(KeyColumn::where)
        .collect(Collectors.joining(" and "));
  }

  private String remedy(List<KeyColumn> key) {
    return key.stream()
        .filter(KeyColumn::isBlurred)
        .map(c -> "ALTER COLUMN " + PostgresqlSql.quoted(c.name()) + " TYPE text COLLATE \"C\"")
        .collect(
            Collectors.joining(
                ", ",
                "ALTER TABLE " + PostgresqlSql.quoted(table) + " ",
                ", or leave one of the rows out"));
  }
}
