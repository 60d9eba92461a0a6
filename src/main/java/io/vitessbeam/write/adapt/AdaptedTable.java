package io.vitessbeam.write.adapt;

import io.vitessbeam.ConfigurationException;
import io.vitessbeam.schema.Column;
import io.vitessbeam.schema.ColumnType;
import io.vitessbeam.schema.NameList;
import io.vitessbeam.schema.TableSchema;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A table of the source as it is to be staged.
 *
 * @param schema its columns by their new names
 * @param columns in the same order
 */
record AdaptedTable(TableSchema schema, List<AdaptedColumn> columns) {

  AdaptedTable {
    columns = List.copyOf(columns);
  }

  /**
   * Finds out what becomes of each column.
   *
   * @throws ConfigurationException if one is named that isn't there, two get the same name, or one
   *     can't have a type
   */
  static AdaptedTable of(Adaptation adaptation, TableSchema source) {
    requireColumns(adaptation, source);
    ColumnNames names = adaptation.names();
    List<AdaptedColumn> columns = new ArrayList<>();
    for (int i = 0; i < source.columns().size(); i++) {
      Column column = source.columns().get(i);
      columns.add(column(i, column, names.of(column.name()), type(adaptation, column), source));
    }
    requireDistinct(columns, source);
    return new AdaptedTable(
        new TableSchema(
            source.keyspace(),
            source.table(),
            columns.stream().map(AdaptedColumn::column).toList(),
            source.primaryKey().stream().map(names::of).toList()),
        columns);
  }

  /** Whether rows stay as they are, under other names. */
  boolean keepsValues() {
    return columns.stream().allMatch(column -> column.conversion() == null);
  }

  private static void requireColumns(Adaptation adaptation, TableSchema source) {
    for (ColumnOverride override : adaptation.columns()) {
      if (source.indexOf(override.source()) < 0) {
        throw new ConfigurationException(
            "%s has no column %s to give another type or name; it has %s"
                .formatted(
                    source.qualifiedName(),
                    override.source(),
                    NameList.of(source.columns().stream().map(Column::name).toList())));
      }
    }
  }

  private static ColumnType type(Adaptation adaptation, Column column) {
    return adaptation.columns().stream()
        .filter(override -> override.source().equals(column.name()) && override.type() != null)
        .map(ColumnOverride::type)
        .findFirst()
        .orElse(column.type());
  }

  private static AdaptedColumn column(
      int index, Column column, String name, ColumnType type, TableSchema source) {
    boolean keeps = type.equals(column.type());
    Conversion conversion =
        keeps
            ? null
            : Conversions.between(column.type(), type)
                .orElseThrow(
                    () ->
                        new ConfigurationException(
                            "Column %s of %s is %s, whose values are none of %s"
                                .formatted(
                                    column.name(),
                                    source.qualifiedName(),
                                    TypeNames.print(column.type()),
                                    TypeNames.print(type))));
    return new AdaptedColumn(index, new Column(name, type, column.nullable()), conversion);
  }

  /** Most destinations don't tell names apart by their case. */
  private static void requireDistinct(List<AdaptedColumn> columns, TableSchema source) {
    Map<String, String> sources = new HashMap<>();
    for (AdaptedColumn column : columns) {
      String name = column.column().name();
      String from = source.columns().get(column.source()).name();
      String other = sources.put(name.toLowerCase(Locale.ROOT), from);
      if (other != null) {
        throw new ConfigurationException(
            "Columns %s and %s of %s would both be called %s; name one by --columns=<new>::%s"
                .formatted(other, from, source.qualifiedName(), name, from));
      }
    }
  }
}
