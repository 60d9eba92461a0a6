package io.vitessbeam.schema;

import java.io.Serializable;
import java.util.Objects;

/** A column of a table or query: its exact name, its MySQL type and whether it may hold NULL. */
public record Column(String name, ColumnType type, boolean nullable) implements Serializable {

  public Column {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(type, "type");
  }

  public Column withType(ColumnType newType) {
    return new Column(name, newType, nullable);
  }

  public Column asNullable() {
    return new Column(name, type, true);
  }
}
