package io.vitessbeam.write;

import io.vitessbeam.ConfigurationException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The name of a destination table, exactly as it is to be created.
 *
 * @param schema schema or database of the table; empty for the destination's default one
 */
public record TargetTable(String schema, String table) implements Serializable {

  public TargetTable {
    Objects.requireNonNull(schema, "schema");
    Objects.requireNonNull(table, "table");
    if (table.isEmpty()) {
      throw new ConfigurationException("The name of a destination table is empty");
    }
  }

  /**
   * Reads {@code table} or {@code schema.table}. A part between double quotes or backticks may hold
   * anything, the quote itself doubled.
   *
   * @throws ConfigurationException if the text has another form
   */
  public static TargetTable parse(String text) {
    List<String> parts = new ArrayList<>();
    int at = 0;
    do {
      StringBuilder part = new StringBuilder();
      at = part(text, at, part);
      parts.add(part.toString());
    } while (at < text.length() && text.charAt(at++) == '.');
    if (parts.size() > 2 || parts.contains("")) {
      throw invalid(text);
    }
    return parts.size() == 1
        ? new TargetTable("", parts.get(0))
        : new TargetTable(parts.get(0), parts.get(1));
  }

  /** Appends the part that starts at an index and returns the index after it. */
  private static int part(String text, int start, StringBuilder part) {
    char quote = start < text.length() ? text.charAt(start) : '.';
    if (quote != '"' && quote != '`') {
      int dot = text.indexOf('.', start);
      int end = dot < 0 ? text.length() : dot;
      part.append(text, start, end);
      // A dot at the very end leaves an empty part behind it, which parse() refuses.
      return end;
    }
    int at = start + 1;
    while (at < text.length()) {
      char c = text.charAt(at++);
      if (c != quote) {
        part.append(c);
      } else if (at < text.length() && text.charAt(at) == quote) {
        part.append(quote);
        at++;
      } else if (at == text.length() || text.charAt(at) == '.') {
        return at;
      } else {
        throw invalid(text);
      }
    }
    throw invalid(text);
  }

  private static ConfigurationException invalid(String text) {
    return new ConfigurationException(
        "'"
            + text
            + "' is not the name of a table: write table or schema.table,"
            + " and put a part that holds a dot between double quotes");
  }

  /**
   * Passes if this is a table, or nothing.
   *
   * @param type what is there of this name, as the information schema says; null if nothing is
   * @param place the destination, for the message
   */
  public void requireReplaceable(String type, String place) {
    if (type != null && !type.equals("BASE TABLE")) {
      throw new ConfigurationException(
          "%s in %s is a %s and can't be replaced by a table; drop it or choose another name"
              .formatted(this, place, type));
    }
  }

  /** The same table, in a schema unless it names one. */
  public TargetTable in(String defaultSchema) {
    return schema.isEmpty() ? new TargetTable(defaultSchema, table) : this;
  }

  @Override
  public String toString() {
    return schema.isEmpty() ? quoted(table) : quoted(schema) + "." + quoted(table);
  }

  /** As {@link #parse} reads it back. */
  private static String quoted(String part) {
    boolean plain = part.indexOf('.') < 0 && part.indexOf('"') < 0 && part.indexOf('`') < 0;
    return plain ? part : '"' + part.replace("\"", "\"\"") + '"';
  }
}
