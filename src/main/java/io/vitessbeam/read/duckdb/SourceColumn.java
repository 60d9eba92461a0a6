package io.vitessbeam.read.duckdb;

import io.vitessbeam.schema.QuotedName;

/**
 * A column as DuckDB can read it.
 *
 * @param name in what is read; case counts
 * @param type as DESCRIBE prints it
 * @param expression SQL that gives its values, of this type
 */
record SourceColumn(String name, String type, String expression) {

  /** A column that SQL knows by its name. */
  static SourceColumn named(String name, String type) {
    return new SourceColumn(name, type, QuotedName.identifier(name));
  }
}
