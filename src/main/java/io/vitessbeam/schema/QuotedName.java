package io.vitessbeam.schema;

import io.vitessbeam.ConfigurationException;
import java.util.ArrayList;
import java.util.List;

/** Names of databases that quote with double quotes, as PostgreSQL and DuckDB do. */
public final class QuotedName {

  private QuotedName() {}

  /** An identifier between double quotes. */
  public static String identifier(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  /** A string literal, in which nothing but the quote is special. */
  public static String literal(String value) {
    return '\'' + value.replace("'", "''") + '\'';
  }

  /**
   * Reads {@code table} or {@code schema.table}. A part with a dot in its name stands between
   * double quotes, in which a double quote is doubled. Case counts, with and without quotes.
   *
   * @throws ConfigurationException if the text is neither
   */
  public static TableName parse(String text, String defaultSchema) {
    List<String> parts = new ArrayList<>();
    StringBuilder part = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' && quoted && i + 1 < text.length() && text.charAt(i + 1) == '"') {
        part.append(c);
        i++;
      } else if (c == '"') {
        quoted = !quoted;
      } else if (c == '.' && !quoted) {
        parts.add(part.toString());
        part.setLength(0);
      } else {
        part.append(c);
      }
    }
    parts.add(part.toString());
    if (quoted || parts.size() > 2 || parts.stream().anyMatch(String::isEmpty)) {
      throw new ConfigurationException(
          "'"
              + text
              + "' names no table; write table or schema.table, with double quotes around a name"
              + " that holds a dot");
    }
    return parts.size() == 1
        ? new TableName(defaultSchema, parts.get(0))
        : new TableName(parts.get(0), parts.get(1));
  }
}
