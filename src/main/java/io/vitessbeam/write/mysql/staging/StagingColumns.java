package io.vitessbeam.write.mysql.staging;

import io.vitessbeam.schema.Column;
import io.vitessbeam.schema.TableSchema;
import io.vitessbeam.write.mysql.LoadNames;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What is inserted into a staging table.
 *
 * @param table the staging table
 * @param numbered whether rows get a number and a size ({@link LoadNames#ROW}, {@link
 *     LoadNames#BYTES}) beside their columns
 * @param keys columns that must not be NULL
 */
public record StagingColumns(
    String table, TableSchema source, boolean numbered, List<String> keys) {

  public StagingColumns {
    keys = List.copyOf(keys);
  }

  /** Up to the VALUES. */
  String insert() {
    String names =
        source.columns().stream()
            .map(Column::name)
            .map(LoadNames::quoted)
            .collect(Collectors.joining(", "));
    return "INSERT INTO "
        + LoadNames.quoted(table)
        + " ("
        + names
        + (numbered
            ? ", " + LoadNames.quoted(LoadNames.ROW) + ", " + LoadNames.quoted(LoadNames.BYTES)
            : "")
        + ") VALUES ";
  }

  /** Placeholders of a row. */
  int parameters() {
    return source.columns().size() + (numbered ? 2 : 0);
  }
}
