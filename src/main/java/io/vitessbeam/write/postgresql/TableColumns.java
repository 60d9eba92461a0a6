package io.vitessbeam.write.postgresql;

import io.vitessbeam.ConfigurationException;
import io.vitessbeam.schema.Column;
import io.vitessbeam.schema.TableSchema;
import io.vitessbeam.write.TargetTable;
import io.vitessbeam.write.UnfitColumn;
import io.vitessbeam.write.strategy.LoadedColumn;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The columns of a table in their order, by their exact names; none if there is no table.
 *
 * @param table for messages
 */
record TableColumns(String table, Map<String, Present> columns) {

  /** Of the types that a column may have whose values are those of a sequence. */
  private static final Set<String> IDENTITIES = Set.of("smallint", "integer", "bigint");

  /**
   * A column.
   *
   * @param type as {@code format_type} spells it
   */
  record Present(String type, boolean required, Filling filling) {

    /** One that is as its rows are. */
    Present(String type, boolean required) {
      this(type, required, Filling.NOTHING);
    }

    String definition() {
      return type + (required ? " NOT NULL" : "");
    }
  }

  static TableColumns of(TableSchema schema) {
    Map<String, Present> columns = new LinkedHashMap<>();
    for (Column column : schema.columns()) {
      String type = column.type().base().postgresql(column.type());
      columns.put(column.name(), new Present(type, !column.nullable()));
    }
    return new TableColumns(schema.qualifiedName(), columns);
  }

  static TableColumns read(PostgresqlSession session, TargetTable table) throws SQLException {
    Map<String, Present> columns = new LinkedHashMap<>();
    String query =
        "SELECT a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod), a.attnotnull, "
            + Filling.OF_ATTRIBUTE
            + " FROM pg_catalog.pg_attribute a"
            + " JOIN pg_catalog.pg_type t ON t.oid = a.atttypid"
            + " JOIN pg_catalog.pg_class c ON c.oid = a.attrelid"
            + " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
            + " WHERE a.attnum > 0 AND NOT a.attisdropped AND "
            + PostgresqlSql.named(table)
            + " ORDER BY a.attnum";
    for (List<String> row : session.rows(query)) {
      columns.put(
          row.get(0), new Present(row.get(1), row.get(2).equals("t"), Filling.valueOf(row.get(3))));
    }
    return new TableColumns(table.toString(), columns);
  }

  boolean isEmpty() {
    return columns.isEmpty();
  }

  List<String> names() {
    return List.copyOf(columns.keySet());
  }

  boolean contains(String name) {
    return columns.containsKey(name);
  }

  String type(String name) {
    return columns.get(name).type();
  }

  boolean isRequired(String name) {
    return columns.get(name).required();
  }

  /** As of a column that is plain, if there is none of that name. */
  Filling filling(String name) {
    return contains(name) ? columns.get(name).filling() : Filling.NOTHING;
  }

  /** Whether a sequence can give a type's values. */
  static boolean canBeIdentity(String type) {
    return IDENTITIES.contains(type);
  }

  TableColumns without(String name) {
    Map<String, Present> others = new LinkedHashMap<>(columns);
    others.remove(name);
    return new TableColumns(table, others);
  }

  /** What stands between the brackets of CREATE TABLE. */
  String definitions() {
    return columns.entrySet().stream()
        .map(column -> PostgresqlSql.quoted(column.getKey()) + " " + column.getValue().definition())
        .collect(Collectors.joining(", "));
  }

  /** These, as rows of a load bring them into another table's. */
  List<LoadedColumn> loadedInto(TableColumns target) {
    return names().stream()
        .map(
            name ->
                new LoadedColumn(
                    name,
                    PostgresqlDialect.order(type(name)),
                    type(name),
                    target.typeFor(name, type(name))))
        .toList();
  }

  /**
   * The type that a column has when there is room for values of a type.
   *
   * @throws ConfigurationException if there can be none
   */
  String typeFor(String name, String wanted) {
    Present present = columns.get(name);
    return present == null
        ? wanted
        : WiderType.of(present.type(), wanted)
            .orElseThrow(
                () ->
                    new ConfigurationException(
                        UnfitColumn.message(name + " of " + table, present.type(), wanted)));
  }

  /** The actions of ALTER TABLE that make room for all values of some columns. */
  List<String> widening(TableColumns wanted) {
    List<String> actions = new ArrayList<>();
    for (String name : wanted.names()) {
      if (!contains(name)) {
        actions.add("ADD COLUMN " + PostgresqlSql.quoted(name) + " " + wanted.type(name));
      } else if (!typeFor(name, wanted.type(name)).equals(type(name))) {
        String wider = typeFor(name, wanted.type(name));
        actions.add(
            "ALTER COLUMN %s TYPE %s USING %s"
                .formatted(
                    PostgresqlSql.quoted(name),
                    wider,
                    WiderType.cast(PostgresqlSql.quoted(name), type(name), wider)));
      }
    }
    return actions;
  }

  /** The columns that {@link #widening} gives another type. */
  List<String> widened(TableColumns wanted) {
    return wanted.names().stream()
        .filter(this::contains)
        .filter(name -> !typeFor(name, wanted.type(name)).equals(type(name)))
        .toList();
  }

  /**
   * The actions of ALTER TABLE, one after the other, that make the columns of an empty table those
   * that are wanted.
   *
   * @param key columns of the primary key that the table is to have, which are NOT NULL by that
   */
  List<String> becoming(TableColumns wanted, List<String> key) {
    List<String> actions = new ArrayList<>(dropping(wanted));
    for (String name : wanted.names()) {
      if (contains(name)) {
        actions.addAll(becoming(name, wanted.type(name), wanted.isRequired(name), key));
      } else {
        actions.add(
            "ADD COLUMN "
                + PostgresqlSql.quoted(name)
                + " "
                + wanted.columns.get(name).definition());
      }
    }
    return actions;
  }

  /** Those first that are computed from others. */
  private List<String> dropping(TableColumns wanted) {
    return names().stream()
        .filter(name -> !wanted.contains(name))
        .sorted(Comparator.comparing(name -> filling(name) != Filling.EXPRESSION))
        .map(name -> "DROP COLUMN " + PostgresqlSql.quoted(name))
        .toList();
  }

  private List<String> becoming(String name, String type, boolean notNull, List<String> key) {
    List<String> actions = new ArrayList<>();
    String column = "ALTER COLUMN " + PostgresqlSql.quoted(name);
    boolean required = notNull || key.contains(name);
    boolean retyped = !type.equals(type(name));
    boolean identity = filling(name).isIdentity();
    if (identity && !(required && canBeIdentity(type))) {
      actions.add(column + " DROP IDENTITY");
    }
    if (retyped) {
      if (!identity) {
        actions.add(column + " DROP DEFAULT");
      }
      actions.add(column + " TYPE " + type + " USING NULL::" + type);
    }
    if (required != isRequired(name)) {
      actions.add(column + (required ? " SET NOT NULL" : " DROP NOT NULL"));
    }
    return actions;
  }

  /** The columns that {@link #becoming} drops or gives another type. */
  List<String> lost(TableColumns wanted) {
    return names().stream()
        .filter(name -> !wanted.contains(name) || !wanted.type(name).equals(type(name)))
        .toList();
  }
}
