package io.vitessbeam.read.duckdb;

import io.vitessbeam.read.duckdb.TextColumn.Form;
import io.vitessbeam.schema.QuotedName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A type that text may be a value of.
 *
 * <p>A type holds only if it prints every value as it stands in the file. There are two exceptions:
 * zeros at the end of a fraction, which no type keeps as they are ({@code 2} and {@code 1.50} in
 * one column, {@code 10:00:00.500}), and numbers of JSON, where {@code 1e2} and {@code 100.0} are
 * the same.
 *
 * @param type as DESCRIBE prints it
 * @param text SQL with {@code %s} for the column: what is looked at
 * @param holds SQL with {@code %s} for that: whether it is a value of the type
 * @param value SQL with {@code %s} for that, and {@code %t} for the type: the value
 */
record TypeCandidate(String type, String text, String holds, String value) {

  /** Stands for a DECIMAL that has room for all values. */
  private static final String DECIMAL = "DECIMAL";

  private static final String DOUBLE = "TRY_CAST(%s AS DOUBLE)";

  /** MySQL has no smaller doubles, and none of them are infinite. */
  private static final String FINITE =
      "isfinite(" + DOUBLE + ") AND (abs(" + DOUBLE + ") >= 2.3e-308 OR " + DOUBLE + " = 0)";

  private static final TypeCandidate DECIMAL_NUMBER =
      of(
          DECIMAL,
          "regexp_full_match(%s, '-?(0|[1-9][0-9]*)(\\.[0-9]+)?')"
              + " AND NOT regexp_full_match(%s, '-0(\\.0+)?')");

  private static final TypeCandidate BIGINT = printedBack("BIGINT");

  /** Of a number without a point the point may be added, as in {@code 2} and {@code 1.5}. */
  private static final TypeCandidate DOUBLE_FIELD =
      of(
          "DOUBLE",
          FINITE
              + " AND (CAST(#n AS VARCHAR) = %s OR CAST(#n AS VARCHAR) = %s || '.0' AND %s <> '-0')"
                  .replace("#n", DOUBLE));

  /** As the nearest double is meant, it is the number if it has the same digits. */
  private static final TypeCandidate DOUBLE_NUMBER =
      of(
          "DOUBLE",
          FINITE
              + " AND "
              + significant("CAST(" + DOUBLE + " AS VARCHAR)")
              + " = "
              + significant("%s"));

  private static final TypeCandidate DATE =
      of("DATE", "CASE WHEN %s LIKE '____-__-__' THEN " + prints("DATE", "%s") + " END");

  private static final TypeCandidate TIMESTAMP =
      of(
          "TIMESTAMP",
          "CASE WHEN %s LIKE '____-__-__ __:__:__%' THEN "
              + prints("TIMESTAMP", shortFraction())
              + " END");

  private static final TypeCandidate TIME =
      of(
          "TIME",
          "CASE WHEN %s LIKE '__:__:__%' AND %s < '24' THEN "
              + prints("TIME", shortFraction())
              + " END");

  private static final TypeCandidate UUID =
      of("UUID", "CASE WHEN length(%s) = 36 THEN " + prints("UUID", "%s") + " END");

  private static TypeCandidate of(String type, String holds) {
    return new TypeCandidate(type, "%s", holds, "CAST(%s AS %t)");
  }

  private static TypeCandidate printedBack(String type) {
    return of(type, prints(type, "%s"));
  }

  private static String prints(String type, String text) {
    return "CAST(TRY_CAST(%s AS " + type + ") AS VARCHAR) = " + text;
  }

  /** A fraction of a second is printed without zeros at its end. */
  private static String shortFraction() {
    return "CASE WHEN contains(%s, '.') THEN rtrim(rtrim(%s, '0'), '.') ELSE %s END";
  }

  private static String significant(String number) {
    return "trim(replace(split_part(lower(" + number + "), 'e', 1), '.', ''), '-0')";
  }

  /** Whether the text of a number is that of a double, digit for digit, in SQL. */
  static String isDouble(String number) {
    return DOUBLE_NUMBER.holds(number);
  }

  boolean isDecimal() {
    return type.equals(DECIMAL);
  }

  boolean isDouble() {
    return type.equals("DOUBLE");
  }

  String holds(String column) {
    return holds.replace("%s", text.replace("%s", column));
  }

  /**
   * The value of a column's text.
   *
   * @param exact the type, with its digits if it is a DECIMAL
   */
  String value(String column, String exact) {
    return value.replace("%t", exact).replace("%s", text.replace("%s", column));
  }

  /**
   * Digits before and behind the point, of a text that is a DECIMAL. DuckDB prints the zero before
   * a point only if there is room for it.
   */
  List<String> digits(String column) {
    String number = text.replace("%s", column);
    return List.of(
        "length(ltrim(split_part(" + number + ", '.', 1), '-'))",
        "length(split_part(" + number + ", '.', 2))");
  }

  /**
   * What the text of a column may be, the first that holds is taken.
   *
   * @param options of the reader: {@code dateformat}, {@code decimal_separator}, …
   * @param momentType what {@code timestampformat} gives, if there is one
   */
  static List<TypeCandidate> of(Form form, Map<String, String> options, String momentType) {
    List<TypeCandidate> candidates = new ArrayList<>();
    boolean numbers = form == Form.FIELD || options.containsKey("decimal_separator");
    switch (form) {
      case TEXT, JSON -> {}
      case JSON_TRUTH -> candidates.add(of("BOOLEAN", "true"));
      case JSON_NUMBER -> candidates.addAll(List.of(BIGINT, DOUBLE_NUMBER, DECIMAL_NUMBER));
      case FIELD, JSON_STRING, CONVERTED -> {
        boolean guessed = form != Form.CONVERTED;
        if (form == Form.FIELD) {
          candidates.add(of("BOOLEAN", "%s IN ('true', 'false')"));
        }
        if (numbers) {
          for (TypeCandidate number : List.of(BIGINT, DOUBLE_FIELD, DECIMAL_NUMBER)) {
            candidates.add(number.written(options.getOrDefault("decimal_separator", ".")));
          }
        }
        candidates.addAll(formatted(options.get("dateformat"), "DATE", guessed ? DATE : null));
        candidates.addAll(
            formatted(options.get("timestampformat"), momentType, guessed ? TIMESTAMP : null));
        if (guessed) {
          candidates.add(TIME);
        }
        if (form == Form.JSON_STRING) {
          candidates.add(UUID);
        }
      }
    }
    return candidates;
  }

  private static List<TypeCandidate> formatted(
      String format, String type, TypeCandidate unformatted) {
    if (format != null) {
      String arguments = "(%s, " + QuotedName.literal(format) + ")";
      return List.of(
          new TypeCandidate(
              type,
              "%s",
              "try_strptime" + arguments + " IS NOT NULL",
              "CAST(strptime" + arguments + " AS %t)"));
    }
    return unformatted == null ? List.of() : List.of(unformatted);
  }

  /** The same for numbers that have another sign for the point, and so no point. */
  private TypeCandidate written(String separator) {
    if (separator.equals(".")) {
      return this;
    }
    String pointed =
        "CASE WHEN NOT contains(%s, '.') THEN replace(%s, "
            + QuotedName.literal(separator)
            + ", '.') END";
    return new TypeCandidate(type, pointed, holds, value);
  }
}
