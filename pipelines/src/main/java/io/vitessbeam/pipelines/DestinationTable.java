package io.vitessbeam.pipelines;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A destination table: {@code table} or {@code schema.table}, parts in double quotes may hold dots.
 */
record DestinationTable(String schema, String table) {

  static final String DEFAULT_SCHEMA = "main";

  DestinationTable {
    Objects.requireNonNull(schema, "schema");
    Objects.requireNonNull(table, "table");
  }

  /**
   * @throws UsageException for anything else
   */
  static DestinationTable parse(String text) {
    List<String> parts = parts(text);
    return switch (parts.size()) {
      case 1 -> new DestinationTable(DEFAULT_SCHEMA, parts.get(0));
      case 2 -> new DestinationTable(parts.get(0), parts.get(1));
      default -> throw wrong(text);
    };
  }

  private static List<String> parts(String text) {
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
    if (quoted || parts.stream().anyMatch(String::isBlank)) {
      throw wrong(text);
    }
    return parts;
  }

  private static UsageException wrong(String text) {
    return new UsageException(
        "--dest-table '"
            + text
            + "' is neither table nor schema.table (quote a name with dots: main.\"a.b\")");
  }

  /** As it is written in SQL and in {@code --dest-table}, quoted only where it must be. */
  @Override
  public String toString() {
    return quoted(schema) + "." + quoted(table);
  }

  private static String quoted(String name) {
    return name.matches("[A-Za-z_][A-Za-z0-9_$]*") ? name : '"' + name.replace("\"", "\"\"") + '"';
  }
}
