package io.vitessbeam.write.adapt;

import io.vitessbeam.ConfigurationException;
import io.vitessbeam.schema.ColumnType;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * Another type or another name for a column of the source.
 *
 * @param source its name in the source, exactly
 * @param name its name in the destination; empty if it keeps its own
 * @param type null if it keeps its own
 */
public record ColumnOverride(String source, String name, ColumnType type) implements Serializable {

  public ColumnOverride {
    Objects.requireNonNull(source, "source");
    Objects.requireNonNull(name, "name");
  }

  boolean renames() {
    return !name.isEmpty();
  }

  /**
   * Reads {@code name:type}, {@code new:type:old} and {@code new::old}, between commas.
   *
   * @throws ConfigurationException if the text has another form, or says two things of a column
   */
  public static List<ColumnOverride> parse(String text) {
    List<ColumnOverride> overrides = new ArrayList<>();
    for (String entry : entries(text)) {
      ColumnOverride override = entry(entry.strip());
      for (ColumnOverride other : overrides) {
        if (other.source.equals(override.source)) {
          throw new ConfigurationException("column " + override.source + " is given twice");
        }
      }
      overrides.add(override);
    }
    return List.copyOf(overrides);
  }

  /** {@code price DECIMAL(10, 2) from cost}, between semicolons, for people. */
  public static String print(List<ColumnOverride> overrides) {
    return overrides.stream().map(ColumnOverride::print).collect(Collectors.joining("; "));
  }

  private String print() {
    String printed = renames() ? name : source;
    return printed
        + (type == null ? "" : " " + TypeNames.print(type))
        + (renames() ? " from " + source : "");
  }

  /** A comma within parentheses belongs to a type. */
  private static List<String> entries(String text) {
    List<String> entries = new ArrayList<>();
    int depth = 0;
    int begin = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      depth += c == '(' ? 1 : c == ')' ? -1 : 0;
      if (c == ',' && depth == 0) {
        entries.add(text.substring(begin, i));
        begin = i + 1;
      }
    }
    entries.add(text.substring(begin));
    return entries;
  }

  private static ColumnOverride entry(String entry) {
    String[] parts = entry.split(":", -1);
    boolean blank = parts[0].isBlank() || parts[parts.length - 1].isBlank();
    if (parts.length < 2 || parts.length > 3 || blank) {
      throw new ConfigurationException(
          "'" + entry + "' is none of name:type, new:type:old and new::old");
    }
    String type = parts[1].strip();
    String name = parts[0].strip();
    return parts.length == 2
        ? new ColumnOverride(name, "", TypeNames.parse(type))
        : new ColumnOverride(parts[2].strip(), name, type.isEmpty() ? null : TypeNames.parse(type));
  }
}
