package io.vitessbeam.write.duckdb.merge;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The DuckDB type that holds the values of two. */
final class WiderType {

  private static final Pattern DECIMAL = Pattern.compile("DECIMAL\\((\\d+),\\s*(\\d+)\\)");
  private static final int MAX_DIGITS = 38;
  private static final List<String> SIGNED =
      List.of("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT");
  private static final List<String> UNSIGNED =
      List.of("UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT");

  /** Digits of the integers of 1, 2, 4 and 8 bytes, with or without a sign. */
  private static final int[] DIGITS = {3, 5, 10, 20, 39};

  private static final String TEXT = "VARCHAR";

  private WiderType() {}

  /**
   * @param present type of a column
   * @param wanted type of the values that it is to hold too
   */
  static String of(String present, String wanted) {
    String a = normal(present);
    String b = normal(wanted);
    if (a.equals(b)) {
      return present;
    }
    if (isInteger(a) && isInteger(b)) {
      return integer(a, b);
    }
    if (isExact(a) && isExact(b)) {
      return decimal(a, b);
    }
    if ((isFloating(a) && isFloatable(b)) || (isFloatable(a) && isFloating(b))) {
      return "DOUBLE";
    }
    if (isDate(a) && isDate(b)) {
      return "TIMESTAMP";
    }
    return TEXT;
  }

  /** The catalog's name of a type. */
  private static String normal(String type) {
    return type.equals("TIMESTAMPTZ") ? "TIMESTAMP WITH TIME ZONE" : type;
  }

  private static boolean isInteger(String type) {
    return SIGNED.contains(type) || UNSIGNED.contains(type);
  }

  private static String integer(String a, String b) {
    if (UNSIGNED.contains(a) == UNSIGNED.contains(b)) {
      List<String> family = UNSIGNED.contains(a) ? UNSIGNED : SIGNED;
      return family.get(Math.max(family.indexOf(a), family.indexOf(b)));
    }
    String signed = SIGNED.contains(a) ? a : b;
    String unsigned = SIGNED.contains(a) ? b : a;
    // An unsigned number needs one bit more than the signed type of its width has.
    return SIGNED.get(Math.max(SIGNED.indexOf(signed), UNSIGNED.indexOf(unsigned) + 1));
  }

  private static boolean isExact(String type) {
    return isInteger(type) || DECIMAL.matcher(type).matches();
  }

  private static String decimal(String a, String b) {
    int scale = Math.max(scale(a), scale(b));
    int digits = Math.max(wholeDigits(a), wholeDigits(b)) + scale;
    return digits > MAX_DIGITS ? TEXT : "DECIMAL(" + digits + "," + scale + ")";
  }

  private static int scale(String type) {
    Matcher decimal = DECIMAL.matcher(type);
    return decimal.matches() ? Integer.parseInt(decimal.group(2)) : 0;
  }

  private static int wholeDigits(String type) {
    Matcher decimal = DECIMAL.matcher(type);
    if (decimal.matches()) {
      return Integer.parseInt(decimal.group(1)) - Integer.parseInt(decimal.group(2));
    }
    return DIGITS[Math.max(SIGNED.indexOf(type), UNSIGNED.indexOf(type))];
  }

  private static boolean isFloating(String type) {
    return type.equals("FLOAT") || type.equals("DOUBLE");
  }

  /** Whether a double holds all values exactly. */
  private static boolean isFloatable(String type) {
    return isFloating(type)
        || (isInteger(type)
            && DIGITS[Math.max(SIGNED.indexOf(type), UNSIGNED.indexOf(type))] <= 10);
  }

  private static boolean isDate(String type) {
    return type.equals("DATE") || type.equals("TIMESTAMP");
  }
}
