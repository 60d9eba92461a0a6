package io.vitessbeam.read.postgresql;

import io.vitessbeam.schema.TableSchema;
import java.util.List;

/**
 * A table or view that is there.
 *
 * @param schema in MySQL's types, see {@link PostgresqlColumn}
 * @param columns how each of its columns is read
 */
public record FoundTable(TableSchema schema, List<PostgresqlColumn> columns) {

  public FoundTable {
    columns = List.copyOf(columns);
  }
}
