package io.vitessbeam.sync;

import io.vitessbeam.ConfigurationException;
import io.vitessbeam.schema.Column;
import io.vitessbeam.schema.TableSchema;
import io.vitessbeam.schema.stream.StreamColumn;
import io.vitessbeam.sync.SourceTables.SourceTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** Tables as they will be carried over, if all of them can be. */
final class ChosenTables {

  /** A table as it is carried over, and what is kept of its definition. */
  record Chosen(TableSchema schema, CarriedDefinition definition) {}

  private final SyncOptions options;

  ChosenTables(SyncOptions options) {
    this.options = options;
  }

  /**
   * Checks all tables of a run.
   *
   * @throws ConfigurationException naming every table that stands in the way
   */
  List<Chosen> of(List<SourceTable> tables) {
    requireExcludedColumns(tables);
    return again(tables);
  }

  /** The same of some of a run's tables, which may have lost columns that are excluded. */
  List<Chosen> again(List<SourceTable> tables) {
    List<Chosen> chosen = tables.stream().map(this::of).toList();
    requireSpread(tables);
    requireKeys(chosen);
    requireReadable(tables);
    chosen.forEach(ChosenTables::requireFollowed);
    return chosen;
  }

  /** One table, which has to have a key. */
  Chosen of(SourceTable table) {
    TableSchema schema = CarriedColumns.of(options, table.schema());
    if (options.uri().vstreamCopy()) {
      for (Column column : schema.columns()) {
        Optional<String> reason = StreamColumn.whyNotCopiedByVStream(column);
        if (reason.isPresent()) {
          throw new ConfigurationException(
              schema.qualifiedName() + " can't be copied with copy=vstream: " + reason.get());
        }
      }
    }
    return new Chosen(
        schema, CarriedDefinition.of(table.definition(), options.zeroDates(), schema));
  }

  private void requireExcludedColumns(List<SourceTable> tables) {
    List<String> unknown = new ArrayList<>(new TreeSet<>(options.without()));
    unknown.removeIf(
        column -> tables.stream().anyMatch(table -> table.schema().indexOf(column) >= 0));
    if (!unknown.isEmpty()) {
      throw new ConfigurationException(
          "No table has a column "
              + String.join(", ", unknown)
              + " to exclude"
              + (tables.size() == 1
                  ? "; " + tables.get(0).schema().qualifiedName() + " has " + columns(tables.get(0))
                  : ""));
    }
  }

  /** In the changes of a table such an index is a column, of which Vitess knows nothing. */
  private static void requireReadable(List<SourceTable> tables) {
    List<String> unreadable =
        tables.stream()
            .filter(table -> !table.functionalIndexes().isEmpty())
            .map(
                table ->
                    table.schema().qualifiedName()
                        + " ("
                        + String.join(", ", table.functionalIndexes())
                        + ")")
            .toList();
    if (!unreadable.isEmpty()) {
      throw new ConfigurationException(
          "Vitess can't read the changes of a table with an index over an expression: "
              + String.join(", ", unreadable)
              + ". Exclude it, or drop the index, or put it over a generated column instead");
    }
  }

  private static void requireFollowed(Chosen table) {
    for (Column column : table.schema().columns()) {
      StreamColumn.whyNotFollowed(column)
          .ifPresent(
              reason -> {
                throw new ConfigurationException(table.schema().qualifiedName() + ": " + reason);
              });
    }
  }

  private static String columns(SourceTable table) {
    return String.join(", ", table.schema().columns().stream().map(Column::name).toList());
  }

  private void requireSpread(List<SourceTable> tables) {
    List<String> whole =
        tables.stream()
            .filter(table -> !table.spread())
            .map(table -> table.schema().table())
            .toList();
    if (!whole.isEmpty()) {
      throw new ConfigurationException(
          "Without a vindex in the VSchema of keyspace "
              + options.keyspace()
              + " it is unknown on which shard a row is, or whether it is on all of them: "
              + String.join(", ", whole)
              + ". "
              + (options.single()
                  ? "Follow a reference table where it comes from"
                  : "Exclude "
                      + (whole.size() == 1 ? "this table" : "these tables")
                      + "; follow a reference table where it comes from"));
    }
  }

  private void requireKeys(List<Chosen> chosen) {
    List<String> keyless =
        chosen.stream()
            .filter(table -> table.schema().primaryKey().isEmpty())
            .map(table -> table.schema().table())
            .toList();
    if (keyless.isEmpty()) {
      return;
    }
    if (options.single()) {
      throw new ConfigurationException(
          "table "
              + keyless.get(0)
              + " has no primary key; provide --primary-key or add a primary key to the source"
              + " table");
    }
    throw new ConfigurationException(
        (keyless.size() == 1 ? "table " : "tables ")
            + String.join(", ", keyless)
            + (keyless.size() == 1 ? " has" : " have")
            + " no primary key; exclude "
            + (keyless.size() == 1 ? "it" : "them")
            + ", or add a primary key to the source "
            + (keyless.size() == 1 ? "table" : "tables"));
  }
}
