package io.vitessbeam.sync;

import io.vitessbeam.schema.Column;
import io.vitessbeam.schema.TableSchema;
import io.vitessbeam.schema.ZeroDates;
import io.vitessbeam.schema.discovery.TableDefinition;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The definition of a table together with what was carried over of it: what a destination keeps, so
 * that a later run sees whether changes alone still make the two equal.
 *
 * @param key by which rows are told apart
 * @param carried names of the columns that are carried over
 */
record CarriedDefinition(
    TableDefinition table, ZeroDates zeroDates, List<String> key, List<String> carried) {

  private static final String FORMAT = "carried-1";

  CarriedDefinition {
    key = List.copyOf(key);
    carried = List.copyOf(carried);
  }

  static CarriedDefinition of(TableDefinition table, ZeroDates zeroDates, TableSchema schema) {
    return new CarriedDefinition(
        table,
        zeroDates,
        schema.primaryKey(),
        schema.columns().stream().map(Column::name).toList());
  }

  /** What becomes of the rows that were carried over under an older definition. */
  enum Effect {
    /** They are followed. */
    FOLLOW,
    /** They are followed; new columns are NULL in them. */
    FOLLOW_WIDER,
    /** They have to be copied again. */
    COPY,
    /** They can't even be told apart as before: nothing of them can stay. */
    REPLACE
  }

  /**
   * What happened between two definitions.
   *
   * @param what a clause for people; empty for nothing
   * @param ofSource whether the source's table changed, and not only what is asked for
   */
  record Change(Effect effect, String what, boolean ofSource) {

    static final Change NONE = new Change(Effect.FOLLOW, "", false);
  }

  Change since(CarriedDefinition older) {
    TableDefinition.Change change = table.compareTo(older.table);
    if (!key.equals(older.key)) {
      boolean ofSource = !table.primaryKey().equals(older.table.primaryKey());
      return new Change(
          Effect.REPLACE,
          "the primary key is "
              + String.join(", ", key)
              + " and was "
              + String.join(", ", older.key),
          ofSource);
    }
    if (change instanceof TableDefinition.Change.Different different) {
      return new Change(Effect.COPY, different.what(), true);
    }
    List<String> leftOut =
        new ArrayList<>(
            older.table.columns().stream()
                .map(column -> column.name())
                .filter(carried::contains)
                .toList());
    leftOut.removeAll(older.carried);
    if (!leftOut.isEmpty()) {
      return new Change(
          Effect.COPY, "column " + String.join(", ", leftOut) + " was left out", false);
    }
    if (zeroDates != older.zeroDates) {
      return new Change(
          Effect.COPY,
          "zero dates are carried over as " + zeroDates + " and were as " + older.zeroDates,
          false);
    }
    return change instanceof TableDefinition.Change.Added added
        ? new Change(
            Effect.FOLLOW_WIDER, "column " + String.join(", ", added.columns()) + " is new", true)
        : Change.NONE;
  }

  /** A line of its own in front of {@link TableDefinition#text}. */
  String text() {
    return String.join("\t", FORMAT, zeroDates.name(), names(key), names(carried))
        + "\n"
        + table.text();
  }

  /**
   * Reads what {@link #text} wrote.
   *
   * @throws IllegalArgumentException if the text is nothing of that kind
   */
  static CarriedDefinition parse(String text) {
    int end = text.indexOf('\n');
    String[] parts = text.substring(0, Math.max(0, end)).split("\t", -1);
    if (parts.length != 4 || !parts[0].equals(FORMAT)) {
      throw new IllegalArgumentException("no definition of a followed table");
    }
    return new CarriedDefinition(
        TableDefinition.parse(text.substring(end + 1)),
        ZeroDates.valueOf(parts[1]),
        split(parts[2]),
        split(parts[3]));
  }

  /** Names between commas; what would be taken for the end of one is written as its number. */
  private static String names(List<String> names) {
    return String.join(",", names.stream().map(CarriedDefinition::escape).toList());
  }

  private static String escape(String name) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c == ',' || c == '\\' || c == '\t' || c == '\n') {
        text.append('\\').append((int) c).append(';');
      } else {
        text.append(c);
      }
    }
    return text.toString();
  }

  private static List<String> split(String names) {
    return Arrays.stream(names.split(",", -1)).map(CarriedDefinition::unescape).toList();
  }

  private static String unescape(String name) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c == '\\') {
        int end = name.indexOf(';', i);
        text.append((char) Integer.parseInt(name.substring(i + 1, end)));
        i = end;
      } else {
        text.append(c);
      }
    }
    return text.toString();
  }
}
