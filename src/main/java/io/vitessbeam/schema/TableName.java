package io.vitessbeam.schema;

import io.vitessbeam.ConfigurationException;
import java.io.Serializable;

/** A table of a keyspace, by its exact names. */
public record TableName(String keyspace, String table) implements Serializable {

  /**
   * Reads {@code table} or {@code keyspace.table}. A part with a dot in its name stands between
   * backquotes, in which a backquote is doubled.
   *
   * @throws ConfigurationException if the text is neither
   */
  public static TableName parse(String text, String defaultKeyspace) {
    int[] at = {0};
    String first = part(text, at);
    if (at[0] == text.length()) {
      return new TableName(defaultKeyspace, first);
    }
    at[0]++;
    String second = text.startsWith("`", at[0]) ? part(text, at) : rest(text, at);
    if (at[0] != text.length() || second.isEmpty()) {
      throw wrong(text);
    }
    return new TableName(first, second);
  }

  private static String part(String text, int[] at) {
    StringBuilder name = new StringBuilder();
    if (!text.startsWith("`", at[0])) {
      int dot = text.indexOf('.', at[0]);
      int end = dot < 0 ? text.length() : dot;
      name.append(text, at[0], end);
      at[0] = end;
    } else {
      int i = at[0] + 1;
      while (true) {
        int quote = text.indexOf('`', i);
        if (quote < 0) {
          throw wrong(text);
        }
        name.append(text, i, quote);
        i = quote + 1;
        if (!text.startsWith("`", i)) {
          break;
        }
        name.append('`');
        i++;
      }
      at[0] = i;
    }
    if (name.isEmpty() || (at[0] < text.length() && text.charAt(at[0]) != '.')) {
      throw wrong(text);
    }
    return name.toString();
  }

  private static String rest(String text, int[] at) {
    String rest = text.substring(at[0]);
    at[0] = text.length();
    return rest;
  }

  private static ConfigurationException wrong(String text) {
    return new ConfigurationException(
        "'"
            + text
            + "' names no table; write table or keyspace.table, with backquotes around a name that"
            + " holds a dot");
  }

  @Override
  public String toString() {
    return keyspace + "." + table;
  }
}
