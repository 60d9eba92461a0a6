package io.vitessbeam.write.mysql;

import io.vitessbeam.schema.Column;
import io.vitessbeam.schema.TableSchema;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What is inserted into a staging table.
 *
 * @param table the staging table
 * @param numbered whether rows get a number and a size ({@link Names#ROW}, {@link Names#BYTES})
 *     beside their columns
 * @param keys columns that must not be NULL
 */
record StagingColumns(String table, TableSchema source, boolean numbered, List<String> keys) {

  StagingColumns {
    keys = List.copyOf(keys);
  }

  /** Up to the VALUES. */
  String insert() {
    String names =
        source.columns().stream()
            .map(Column::name)
            .map(Names::quoted)
            .collect(Collectors.joining(", "));
    return "INSERT INTO "
        + Names.quoted(table)
        + " ("
        + names
        + (numbered ? ", " + Names.quoted(Names.ROW) + ", " + Names.quoted(Names.BYTES) : "")
        + ") VALUES ";
  }

  /** Placeholders of a row. */
  int parameters() {
    return source.columns().size() + (numbered ? 2 : 0);
  }
}
