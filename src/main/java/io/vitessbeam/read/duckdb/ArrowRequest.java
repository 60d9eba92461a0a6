package io.vitessbeam.read.duckdb;

import io.vitessbeam.read.cursor.SourceRows;
import io.vitessbeam.read.cursor.UndividedRead;
import io.vitessbeam.read.cursor.ValueText;
import io.vitessbeam.schema.TableSchema;
import java.util.List;
import java.util.Objects;

/**
 * A read by DuckDB that has been checked.
 *
 * @param database path of the database file; empty for none
 * @param select gives every column as text or bytes
 * @param texts how the value of each column is made MySQL's
 * @param attached what the statement has to be given
 */
record ArrowRequest(
    String database,
    TableSchema schema,
    String select,
    List<ValueText> texts,
    AttachedTable attached)
    implements UndividedRead {

  ArrowRequest {
    Objects.requireNonNull(database, "database");
    Objects.requireNonNull(schema, "schema");
    Objects.requireNonNull(select, "select");
    texts = List.copyOf(texts);
    Objects.requireNonNull(attached, "attached");
  }

  @Override
  public SourceRows open() {
    return ArrowRows.open(this);
  }
}
