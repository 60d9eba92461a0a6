package io.vitessbeam.write.postgresql;

import java.util.List;

/**
 * The columns that tell the staged rows apart, empty if nothing does. Publishing knows the source
 * by this and the columns of the staging table only, and reads it from the comment of the ledger.
 */
record StagedKey(List<String> columns) {

  /** No name of MySQL's holds it unintended. */
  private static final String SEPARATOR = "\u001f";

  StagedKey {
    columns = List.copyOf(columns);
  }

  static StagedKey parse(String text) {
    return new StagedKey(
        text == null || text.isEmpty() ? List.of() : List.of(text.split(SEPARATOR, -1)));
  }

  String text() {
    return String.join(SEPARATOR, columns);
  }
}
