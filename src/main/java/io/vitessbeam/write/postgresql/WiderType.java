package io.vitessbeam.write.postgresql;

import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The PostgreSQL type that holds the values of two, as {@code format_type} spells them. */
final class WiderType {

  private static final String TEXT = "text";
  private static final String BOOLEAN = "boolean";
  private static final String DIGIT = "numeric(1,0)";
  private static final String DOUBLE = "double precision";
  private static final String VARYING = "character varying";
  private static final Pattern NUMERIC = Pattern.compile("numeric\\((\\d+),(-?\\d+)\\)");
  private static final Pattern CHARACTERS = Pattern.compile(VARYING + "\\((\\d+)\\)");
  private static final Pattern MOMENT =
      Pattern.compile("timestamp(?:\\((\\d)\\))? (with|without) time zone");
  private static final int FULL_FRACTION = 6;
  private static final int MOST_DIGITS = 1000;

  /** Narrow ones first, with the digits that they have. */
  private static final List<String> INTEGERS = List.of("smallint", "integer", "bigint");

  private static final int[] DIGITS = {5, 10, 19};
  private static final Set<String> FLOATING = Set.of("real", DOUBLE);

  /** Whose values a double holds exactly. */
  private static final Set<String> FLOATABLE = Set.of("real", DOUBLE, "smallint", "integer");

  private WiderType() {}

  /**
   * @param present type of a column
   * @param wanted type of the values that it is to hold too
   */
  static String of(String present, String wanted) {
    if (present.equals(wanted)) {
      return present;
    }
    if (present.equals(BOOLEAN)) {
      return truth(wanted);
    }
    if (wanted.equals(BOOLEAN)) {
      return truth(present);
    }
    if (isExact(present) && isExact(wanted)) {
      return exact(present, wanted);
    }
    if (isFloat(present, wanted)) {
      return DOUBLE;
    }
    Matcher a = MOMENT.matcher(present);
    Matcher b = MOMENT.matcher(wanted);
    if (a.matches() && b.matches() && a.group(2).equals(b.group(2))) {
      return fraction(a) >= fraction(b) ? present : wanted;
    }
    if (isDay(present, wanted)) {
      return wanted;
    }
    if (isDay(wanted, present)) {
      return present;
    }
    // Whoever made it jsonb wants it so.
    if (present.equals("jsonb") && wanted.equals("json")) {
      return present;
    }
    return text(present, wanted);
  }

  /** See {@link #cast}. */
  private static String truth(String other) {
    if (INTEGERS.contains(other)) {
      return other;
    }
    return isExact(other) ? exact(DIGIT, other) : TEXT;
  }

  /** A value of one type as the wider one holds it: a boolean is 1 or 0 in all others. */
  static String cast(String expression, String from, String wider) {
    boolean number = from.equals(BOOLEAN) && !wider.equals(BOOLEAN);
    return "CAST(" + (number ? expression + "::integer" : expression) + " AS " + wider + ")";
  }

  private static boolean isExact(String type) {
    return INTEGERS.contains(type) || type.equals("numeric") || NUMERIC.matcher(type).matches();
  }

  private static String exact(String a, String b) {
    if (INTEGERS.contains(a) && INTEGERS.contains(b)) {
      return INTEGERS.get(Math.max(INTEGERS.indexOf(a), INTEGERS.indexOf(b)));
    }
    if (a.equals("numeric") || b.equals("numeric")) {
      return "numeric";
    }
    int scale = Math.max(scale(a), scale(b));
    int digits = Math.max(wholeDigits(a), wholeDigits(b)) + scale;
    return digits > MOST_DIGITS ? "numeric" : "numeric(" + digits + "," + scale + ")";
  }

  private static int scale(String type) {
    Matcher numeric = NUMERIC.matcher(type);
    return numeric.matches() ? Math.max(0, Integer.parseInt(numeric.group(2))) : 0;
  }

  private static int wholeDigits(String type) {
    Matcher numeric = NUMERIC.matcher(type);
    return numeric.matches()
        ? Integer.parseInt(numeric.group(1)) - Integer.parseInt(numeric.group(2))
        : DIGITS[INTEGERS.indexOf(type)];
  }

  private static boolean isFloat(String a, String b) {
    return FLOATABLE.contains(a)
        && FLOATABLE.contains(b)
        && (FLOATING.contains(a) || FLOATING.contains(b));
  }

  private static int fraction(Matcher moment) {
    return moment.group(1) == null ? FULL_FRACTION : Integer.parseInt(moment.group(1));
  }

  private static boolean isDay(String day, String moment) {
    Matcher other = MOMENT.matcher(moment);
    return day.equals("date") && other.matches() && other.group(2).equals("without");
  }

  /** Texts hold shorter ones, and text holds everything. */
  private static String text(String present, String wanted) {
    Matcher a = CHARACTERS.matcher(present);
    Matcher b = CHARACTERS.matcher(wanted);
    if (b.matches() && present.equals(VARYING)) {
      return present;
    }
    if (a.matches() && b.matches()) {
      return Integer.parseInt(a.group(1)) >= Integer.parseInt(b.group(1)) ? present : wanted;
    }
    return TEXT;
  }
}
