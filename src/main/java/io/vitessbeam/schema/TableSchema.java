package io.vitessbeam.schema;

import java.io.Serializable;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * The columns and the primary key of a table, view or query, in the order in which they are read.
 *
 * @param primaryKey names of the key's columns in key order; empty for a table without one
 */
public record TableSchema(
    String keyspace, String table, List<Column> columns, List<String> primaryKey)
    implements Serializable {

  public TableSchema {
    Objects.requireNonNull(keyspace, "keyspace");
    Objects.requireNonNull(table, "table");
    columns = List.copyOf(columns);
    primaryKey = List.copyOf(primaryKey);
    Set<String> names = new HashSet<>();
    for (Column column : columns) {
      if (!names.add(column.name())) {
        throw new IllegalArgumentException("column " + column.name() + " appears twice");
      }
    }
    if (!names.containsAll(primaryKey)) {
      throw new IllegalArgumentException("primary key " + primaryKey + " is not among " + names);
    }
  }

  /** The index of a column, or -1. Names are compared exactly. */
  public int indexOf(String column) {
    for (int i = 0; i < columns.size(); i++) {
      if (columns.get(i).name().equals(column)) {
        return i;
      }
    }
    return -1;
  }

  public Column column(String name) {
    int index = indexOf(name);
    if (index < 0) {
      throw new IllegalArgumentException(table + " has no column " + name);
    }
    return columns.get(index);
  }

  /** {@code keyspace.table}, for messages. */
  public String qualifiedName() {
    return keyspace + "." + table;
  }

  /** The same table with other columns; without a primary key if they lack a part of it. */
  public TableSchema withColumns(List<Column> newColumns) {
    List<String> names = newColumns.stream().map(Column::name).toList();
    List<String> key = names.containsAll(primaryKey) ? primaryKey : List.of();
    return new TableSchema(keyspace, table, newColumns, key);
  }
}
