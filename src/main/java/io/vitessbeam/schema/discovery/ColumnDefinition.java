package io.vitessbeam.schema.discovery;

import java.io.Serializable;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * What {@code information_schema.COLUMNS} says of a column that decides its values. Texts that
 * versions of MySQL print differently for the same column are made equal.
 *
 * @param type {@code varchar(20)}, {@code int unsigned}
 * @param characterSet empty for a column without one
 * @param collation empty for a column without one
 * @param defaultValue {@code =} and the default's text; empty for none or NULL
 * @param extra {@code auto_increment}, {@code STORED GENERATED}, …
 * @param expression of a generated column, else empty
 */
public record ColumnDefinition(
    String name,
    String type,
    String characterSet,
    String collation,
    boolean nullable,
    String defaultValue,
    String extra,
    String expression)
    implements Serializable {

  private static final int PARTS = 8;

  public ColumnDefinition {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(defaultValue, "defaultValue");
    type = withoutWidth(type);
    characterSet = utf8(characterSet);
    collation = utf8(collation);
    extra = extra.toLowerCase(Locale.ROOT);
    Objects.requireNonNull(expression, "expression");
  }

  /** MySQL 8.0.19 stopped to print the width of integers, which changes no value. */
  private static String withoutWidth(String type) {
    return type.replaceFirst("^((?:tiny|small|medium|big)?int|year)\\(\\d+\\)", "$1");
  }

  /** MySQL 8.0.28 changed the name of utf8 to utf8mb3. */
  private static String utf8(String name) {
    return name.equals("utf8mb3") || name.startsWith("utf8mb3_")
        ? "utf8" + name.substring("utf8mb3".length())
        : name;
  }

  /** Whether the column, when it is added, is NULL in all rows there are. */
  boolean isNullInOldRows() {
    return nullable && defaultValue.isEmpty() && extra.isEmpty() && expression.isEmpty();
  }

  /** {@code another type: int -> bigint}, for the first thing that differs. */
  String differenceFrom(ColumnDefinition older) {
    return difference("type", older.type, type)
        .or(() -> difference("character set", older.characterSet, characterSet))
        .or(() -> difference("collation", older.collation, collation))
        .or(() -> difference("nullability", older.nullability(), nullability()))
        .or(() -> differenceOfDefaults(older))
        .or(() -> difference("expression", older.expression, expression))
        .or(() -> difference("attribute", older.extra, extra))
        .orElseThrow(() -> new IllegalArgumentException(this + " is not different"));
  }

  private static Optional<String> difference(String what, String older, String newer) {
    return older.equals(newer)
        ? Optional.empty()
        : Optional.of("another " + what + ": " + orNone(older) + " -> " + orNone(newer));
  }

  private Optional<String> differenceOfDefaults(ColumnDefinition older) {
    return older.defaultValue.equals(defaultValue)
        ? Optional.empty()
        : Optional.of("another default: " + older.printedDefault() + " -> " + printedDefault());
  }

  private static String orNone(String text) {
    return text.isEmpty() ? "none" : text;
  }

  private String nullability() {
    return nullable ? "NULL" : "NOT NULL";
  }

  private String printedDefault() {
    return switch (defaultValue.length()) {
      case 0 -> "none";
      // The empty text.
      case 1 -> "''";
      default -> defaultValue.substring(1);
    };
  }

  List<String> parts() {
    return List.of(
        name, type, characterSet, collation, nullability(), defaultValue, extra, expression);
  }

  static ColumnDefinition of(List<String> parts) {
    if (parts.size() != PARTS) {
      throw new IllegalArgumentException("no definition of a column: " + parts);
    }
    return new ColumnDefinition(
        parts.get(0),
        parts.get(1),
        parts.get(2),
        parts.get(3),
        parts.get(4).equals("NULL"),
        parts.get(5),
        parts.get(6),
        parts.get(7));
  }
}
