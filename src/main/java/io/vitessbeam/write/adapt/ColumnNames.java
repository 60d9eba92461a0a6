package io.vitessbeam.write.adapt;

import java.util.List;

/** What columns of the source are called in the destination. */
record ColumnNames(List<ColumnOverride> columns) {

  /** The name of a column of the source. */
  String of(String source) {
    for (ColumnOverride override : columns) {
      if (override.source().equals(source) && override.renames()) {
        return override.name();
      }
    }
    return source;
  }

  /** The name of a column that the user has named, by the source's name or by the new one. */
  String ofKey(String given) {
    boolean isNew = columns.stream().anyMatch(override -> override.name().equals(given));
    return isNew ? given : of(given);
  }
}
