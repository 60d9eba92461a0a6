package io.vitessbeam.read.duckdb;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The type that has room for a column of two types, in files whose types say what values are. No
 * value is rounded by it; what no other type holds becomes text.
 */
final class JoinedType {

  private static final Pattern DECIMAL = Pattern.compile("DECIMAL\\((\\d+),\\s*(\\d+)\\)");
  private static final int MOST_DIGITS = 38;

  private static final List<String> SIGNED = List.of("TINYINT", "SMALLINT", "INTEGER", "BIGINT");
  private static final List<String> UNSIGNED =
      List.of("UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT");
  private static final List<Integer> INTEGER_DIGITS = List.of(3, 5, 10, 19);
  private static final int UBIGINT_DIGITS = 20;

  /** From coarse to fine. */
  private static final List<String> MOMENTS =
      List.of("DATE", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP", "TIMESTAMP_NS");

  private JoinedType() {}

  /**
   * The type of both.
   *
   * @param doubles whether the values of both are doubles, digit for digit
   */
  static String of(String a, String b, boolean doubles) {
    if (a.equals(b)) {
      return a;
    }
    if (isNested(a) || isNested(b)) {
      return "JSON";
    }
    if (MOMENTS.contains(a) && MOMENTS.contains(b)) {
      return MOMENTS.get(Math.max(MOMENTS.indexOf(a), MOMENTS.indexOf(b)));
    }
    if (a.equals("BLOB") || b.equals("BLOB")) {
      return "BLOB";
    }
    if (mayBeDoubles(a, b)) {
      return doubles ? "DOUBLE" : "VARCHAR";
    }
    return digits(a) != null && digits(b) != null ? exact(a, b) : "VARCHAR";
  }

  /** Whether a column of the types is made of doubles, if its values are some. */
  static boolean mayBeDoubles(String a, String b) {
    return (isFloating(a) && isNumber(b)) || (isFloating(b) && isNumber(a));
  }

  static boolean isNested(String type) {
    return type.equals("JSON")
        || type.endsWith("]")
        || type.startsWith("STRUCT(")
        || type.startsWith("MAP(")
        || type.startsWith("UNION(");
  }

  private static boolean isFloating(String type) {
    return type.equals("FLOAT") || type.equals("DOUBLE");
  }

  private static boolean isNumber(String type) {
    return isFloating(type) || digits(type) != null;
  }

  private static String exact(String a, String b) {
    if (SIGNED.contains(a) && SIGNED.contains(b)) {
      return SIGNED.get(Math.max(SIGNED.indexOf(a), SIGNED.indexOf(b)));
    }
    if (UNSIGNED.contains(a) && UNSIGNED.contains(b)) {
      return UNSIGNED.get(Math.max(UNSIGNED.indexOf(a), UNSIGNED.indexOf(b)));
    }
    int[] first = digits(a);
    int[] second = digits(b);
    int scale = Math.max(first[1], second[1]);
    int digits = Math.max(first[0], second[0]) + scale;
    return digits <= MOST_DIGITS ? "DECIMAL(" + digits + "," + scale + ")" : "VARCHAR";
  }

  /** Digits before and behind the point; null for what is no exact number. */
  private static int[] digits(String type) {
    if (SIGNED.contains(type)) {
      return new int[] {INTEGER_DIGITS.get(SIGNED.indexOf(type)), 0};
    }
    if (UNSIGNED.contains(type)) {
      return new int[] {
        type.equals("UBIGINT") ? UBIGINT_DIGITS : INTEGER_DIGITS.get(UNSIGNED.indexOf(type)), 0
      };
    }
    if (type.endsWith("HUGEINT")) {
      return new int[] {MOST_DIGITS + 1, 0};
    }
    Matcher decimal = DECIMAL.matcher(type);
    if (decimal.matches()) {
      int scale = Integer.parseInt(decimal.group(2));
      return new int[] {Integer.parseInt(decimal.group(1)) - scale, scale};
    }
    return null;
  }

  /**
   * A value in the joined type.
   *
   * @param column SQL that gives it
   */
  static String cast(String column, String type, String to) {
    if (type.equals(to)) {
      return column;
    }
    return switch (to) {
      case "JSON" -> "to_json(" + column + ")";
      case "BLOB" -> "encode(CAST(" + column + " AS VARCHAR))";
      default -> "CAST(" + column + " AS " + to + ")";
    };
  }
}
