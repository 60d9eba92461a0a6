package io.vitessbeam.read.postgresql;

import io.vitessbeam.read.cursor.ValueText;
import io.vitessbeam.schema.ColumnType;

/**
 * How a column is read.
 *
 * @param cast what follows its name in the SELECT; or the name of a function around it, if it ends
 *     with a bracket
 */
public record PostgresqlColumn(ColumnType type, ValueText text, String cast) {

  /** The column in the list of a SELECT. */
  public String expression(String quotedName) {
    return cast.endsWith("(") ? cast + quotedName + ")" : quotedName + cast;
  }
}
