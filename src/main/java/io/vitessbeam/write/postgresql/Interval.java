package io.vitessbeam.write.postgresql;

import io.vitessbeam.write.LoadSpec;
import java.util.ArrayList;
import java.util.List;

/**
 * Bounds of a column, compared as MySQL compares them: a day is its midnight, a moment is in UTC,
 * and no bound is rounded to the column's type.
 */
final class Interval {

  private final String name;
  private final String type;

  /**
   * @param type of the column in the target
   */
  Interval(String name, String type) {
    this.name = name;
    // Without a size, which bounds need not have.
    this.type = type.replaceFirst("\\(.*?\\)", "");
  }

  /** The column's name, quoted. */
  String column() {
    return Sql.quoted(name);
  }

  /** A value of the column in the form that is compared. */
  String value(String expression) {
    return type.equals("date")
        ? "CAST(" + expression + " AS timestamp)"
        : Comparison.of(type, expression);
  }

  /** Whether a compared value is between two bounds of which at least one is given, or NULL. */
  String isIn(String value, LoadSpec.Interval asked) {
    List<String> conditions = new ArrayList<>();
    if (!asked.start().isEmpty()) {
      conditions.add(value + " >= " + bound(asked.start()));
    }
    if (!asked.end().isEmpty()) {
      conditions.add(value + " <= " + bound(asked.end()));
    }
    return String.join(" AND ", conditions);
  }

  private String bound(String given) {
    return switch (type) {
      case "date", "timestamp without time zone" -> cast(given, "timestamp");
      case "timestamp with time zone" ->
          cast((given.length() == 10 ? given + " 00:00:00" : given) + "+00", type);
      case "smallint", "integer", "bigint" -> cast(given, "numeric");
      default -> cast(given, type);
    };
  }

  private static String cast(String given, String type) {
    return "CAST(" + Sql.literal(given) + " AS " + type + ")";
  }
}
