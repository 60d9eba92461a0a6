package io.vitessbeam.sync;

import io.vitessbeam.ConfigurationException;
import io.vitessbeam.schema.Column;
import io.vitessbeam.schema.MysqlType;
import io.vitessbeam.schema.TableSchema;
import io.vitessbeam.schema.ZeroDates;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Which columns of a table are carried over, as what, and by which key. */
final class CarriedColumns {

  /** Columns that every followed table has in the destination, where case makes no difference. */
  private static final Set<String> ADDED = Set.of("_cdc_lsn", "_cdc_deleted", "_cdc_synced_at");

  private CarriedColumns() {}

  /**
   * The table as it is carried over; without a primary key if it has none and none was given.
   *
   * @param whole the table as it was discovered
   * @throws ConfigurationException if the table can't be carried over as it was asked for
   */
  static TableSchema of(SyncOptions options, TableSchema whole) {
    List<String> key = key(options, whole);
    for (String column : key) {
      if (options.without().contains(column)) {
        throw new ConfigurationException(
            "Column "
                + column
                + " of "
                + whole.qualifiedName()
                + " is excluded and part of the primary key, by which changes are applied; carry it"
                + " over");
      }
    }
    List<Column> columns =
        whole.columns().stream()
            .filter(column -> !options.without().contains(column.name()))
            .toList();
    columns.forEach(column -> requireOwnName(whole, column.name()));
    TableSchema carried =
        new TableSchema(whole.keyspace(), whole.table(), columns, whole.primaryKey());
    return withKey(zeroDates(options.zeroDates(), carried, key), key);
  }

  private static void requireOwnName(TableSchema table, String column) {
    if (ADDED.contains(column.toLowerCase(Locale.ROOT))) {
      throw new ConfigurationException(
          "Column "
              + column
              + " of "
              + table.qualifiedName()
              + " has the name of a column that is added to every table; rename it, or leave it out"
              + " with --sql-exclude-columns");
    }
  }

  private static TableSchema withKey(TableSchema table, List<String> key) {
    return new TableSchema(table.keyspace(), table.table(), table.columns(), key);
  }

  /** Two keys of zero dates would be one NULL, which is no key: there they stay an error. */
  private static TableSchema zeroDates(ZeroDates choice, TableSchema table, List<String> key) {
    TableSchema changed = choice.applyTo(table);
    if (choice != ZeroDates.NULL) {
      return changed;
    }
    return changed.withColumns(
        changed.columns().stream()
            .map(column -> key.contains(column.name()) ? table.column(column.name()) : column)
            .toList());
  }

  private static List<String> key(SyncOptions options, TableSchema whole) {
    List<String> given = options.primaryKey();
    if (given.isEmpty()) {
      return whole.primaryKey();
    }
    if (!whole.primaryKey().isEmpty()) {
      if (!new HashSet<>(whole.primaryKey()).equals(new HashSet<>(given))) {
        throw new ConfigurationException(
            whole.qualifiedName()
                + " has the primary key "
                + String.join(", ", whole.primaryKey())
                + ", by which its changes are applied; --primary-key "
                + String.join(", ", given)
                + " is for a table without one");
      }
      return whole.primaryKey();
    }
    for (String name : given) {
      requireUsable(whole, name);
    }
    return given;
  }

  private static void requireUsable(TableSchema table, String name) {
    int index = table.indexOf(name);
    if (index < 0) {
      throw new ConfigurationException(
          table.qualifiedName()
              + " has no column "
              + name
              + " to use as primary key; it has "
              + String.join(", ", table.columns().stream().map(Column::name).toList()));
    }
    Column column = table.columns().get(index);
    if (column.nullable()) {
      throw new ConfigurationException(
          "Column " + name + " of " + table.qualifiedName() + " may be NULL, which no key can be");
    }
    // A query prints a document's keys in another order than a stream does.
    if (column.type().base() == MysqlType.JSON) {
      throw new ConfigurationException(
          "Column " + name + " of " + table.qualifiedName() + " is JSON, which can't be a key");
    }
  }
}
