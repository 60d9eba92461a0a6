package io.vitessbeam.read.duckdb;

import io.vitessbeam.schema.QuotedName;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Files of different columns as one table, which has all of them by their exact names. Its columns
 * have names of their own, as SQL doesn't tell names apart by their case.
 *
 * @param names in the order in which they come up
 * @param sql what stands behind FROM
 */
record TableUnion(List<String> names, String sql) {

  /**
   * Files with the same columns.
   *
   * @param from what stands behind FROM for them
   * @param expressions by the name of the column, in the files' order
   */
  record Part(String from, Map<String, String> expressions) {}

  static TableUnion of(List<Part> parts) {
    Set<String> names = new LinkedHashSet<>();
    parts.forEach(part -> names.addAll(part.expressions.keySet()));
    List<String> selects = new ArrayList<>();
    for (Part part : parts) {
      List<String> columns = new ArrayList<>();
      for (String name : names) {
        columns.add(part.expressions.getOrDefault(name, "NULL") + " AS " + alias(columns.size()));
      }
      selects.add("SELECT " + String.join(", ", columns) + " FROM " + part.from);
    }
    return new TableUnion(
        List.copyOf(names), "(" + String.join(" UNION ALL ", selects) + ") AS files");
  }

  /** What the column of an index is called. */
  static String alias(int column) {
    return QuotedName.identifier("c" + column);
  }
}
