package io.vitessbeam.schema.discovery;

import io.vitessbeam.schema.discovery.TableDefinition.Change.Added;
import io.vitessbeam.schema.discovery.TableDefinition.Change.Different;
import io.vitessbeam.schema.discovery.TableDefinition.Change.Same;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * All columns of a table with everything that decides their values, and its key: what is kept of a
 * table to tell later whether the changes after a position still fit it. Secondary indexes and
 * partitions are not part of it.
 *
 * @param primaryKey columns of the key in its order, {@code name} or {@code name(10)} for a key
 *     over a prefix; empty for a table without one
 */
public record TableDefinition(List<ColumnDefinition> columns, List<String> primaryKey)
    implements Serializable {

  private static final String FORMAT = "1";

  /** What happened to a table between two definitions of it. */
  public sealed interface Change {

    /** Nothing that changes a value. */
    record Same() implements Change {}

    /**
     * Nothing but new columns at the end that are NULL in every row that was there before.
     *
     * @param columns their names
     */
    record Added(List<String> columns) implements Change {
      public Added {
        columns = List.copyOf(columns);
      }
    }

    /**
     * Anything else: rows from before can't be told from the changes after.
     *
     * @param what a clause for people, {@code column b is gone}
     */
    record Different(String what) implements Change {}
  }

  public TableDefinition {
    columns = List.copyOf(columns);
    primaryKey = List.copyOf(primaryKey);
    if (columns.isEmpty()) {
      throw new IllegalArgumentException("a table without columns");
    }
  }

  /** What happened since an older definition of the table. */
  public Change compareTo(TableDefinition older) {
    int kept = older.columns.size();
    if (kept > columns.size() || !columns.subList(0, kept).equals(older.columns)) {
      return new Different(firstDifference(older));
    }
    if (!primaryKey.equals(older.primaryKey)) {
      return new Different("the primary key changed");
    }
    List<String> added = new ArrayList<>();
    for (ColumnDefinition column : columns.subList(kept, columns.size())) {
      if (!column.isNullInOldRows()) {
        return new Different("column " + column.name() + " is new and not NULL in older rows");
      }
      added.add(column.name());
    }
    return added.isEmpty() ? new Same() : new Added(added);
  }

  private String firstDifference(TableDefinition older) {
    Map<String, ColumnDefinition> now = new HashMap<>();
    columns.forEach(column -> now.put(column.name(), column));
    Set<String> before = new HashSet<>();
    for (ColumnDefinition column : older.columns) {
      before.add(column.name());
      ColumnDefinition present = now.get(column.name());
      if (present == null) {
        return "column " + column.name() + " is gone";
      }
      if (!present.equals(column)) {
        return "column " + column.name() + " has " + present.differenceFrom(column);
      }
    }
    for (ColumnDefinition column : columns.subList(0, older.columns.size())) {
      if (!before.contains(column.name())) {
        return "column " + column.name() + " is new and not at the end";
      }
    }
    return "the columns have another order";
  }

  /** One line for the key and one for each column, to be kept; {@link #parse} reads it. */
  public String text() {
    StringBuilder text = new StringBuilder();
    appendLine(text.append(FORMAT), primaryKey);
    columns.forEach(column -> appendLine(text.append('\n').append(FORMAT), column.parts()));
    return text.toString();
  }

  /**
   * Reads what {@link #text} wrote.
   *
   * @throws IllegalArgumentException if the text is nothing of that kind
   */
  public static TableDefinition parse(String text) {
    List<List<String>> lines =
        Arrays.stream(text.split("\n", -1)).map(TableDefinition::line).toList();
    List<ColumnDefinition> columns = new ArrayList<>();
    lines.subList(1, lines.size()).forEach(parts -> columns.add(ColumnDefinition.of(parts)));
    return new TableDefinition(columns, lines.get(0));
  }

  private static void appendLine(StringBuilder text, List<String> parts) {
    for (String part : parts) {
      text.append('\t');
      for (int i = 0; i < part.length(); i++) {
        char c = part.charAt(i);
        switch (c) {
          case '\t' -> text.append("\\t");
          case '\n' -> text.append("\\n");
          case '\\' -> text.append("\\\\");
          default -> text.append(c);
        }
      }
    }
  }

  private static List<String> line(String line) {
    String[] parts = line.split("\t", -1);
    if (!parts[0].equals(FORMAT)) {
      throw new IllegalArgumentException("no definition of a table: " + line);
    }
    return Arrays.stream(parts).skip(1).map(TableDefinition::unescape).toList();
  }

  private static String unescape(String part) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < part.length(); i++) {
      char c = part.charAt(i);
      if (c == '\\' && ++i < part.length()) {
        c = part.charAt(i);
        c = c == 't' ? '\t' : c == 'n' ? '\n' : c;
      }
      text.append(c);
    }
    return text.toString();
  }
}
