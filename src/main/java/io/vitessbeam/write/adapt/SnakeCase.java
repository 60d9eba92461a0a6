package io.vitessbeam.write.adapt;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Names in snake case, as ingestr writes them; letters that are not ASCII stay. A name in snake
 * case stays as it is.
 */
final class SnakeCase {

  private static final String NESTED = "__";
  private static final Pattern OTHER = Pattern.compile("[^\\p{L}\\p{M}\\p{N}_]");
  private static final Pattern UNDERSCORES = Pattern.compile("_+");
  private static final Pattern WORD_BEGINS =
      Pattern.compile("(?<=[^\\p{Lu}_])(?=\\p{Lu})|(?<=\\p{Lu})(?=\\p{Lu}\\p{Ll})");

  private SnakeCase() {}

  static String of(String name) {
    String stripped = name.strip();
    int end = stripped.length();
    while (end > 0 && stripped.charAt(end - 1) == '_') {
      end--;
    }
    List<String> parts = new ArrayList<>();
    for (String part : stripped.substring(0, end).split(NESTED, -1)) {
      String words = words(part);
      if (!words.isEmpty()) {
        parts.add(parts.isEmpty() ? words : words.replaceFirst("^_", ""));
      }
    }
    String joined = String.join(NESTED, parts);
    boolean cut = joined.endsWith("_");
    String begun =
        !joined.isEmpty() && Character.isDigit(joined.codePointAt(0)) ? "_" + joined : joined;
    // An x for each underscore at the end, since none may be there.
    return (cut ? begun.substring(0, begun.length() - 1) : begun)
        + "x".repeat(stripped.length() - end + (cut ? 1 : 0));
  }

  private static String words(String part) {
    String plain =
        part.replace('-', '_')
            .replace('+', 'x')
            .replace('*', 'x')
            .replace('@', 'a')
            .replace('|', 'l');
    plain = OTHER.matcher(plain).replaceAll("_");
    plain = WORD_BEGINS.matcher(plain).replaceAll("_");
    return UNDERSCORES.matcher(plain).replaceAll("_").toLowerCase(Locale.ROOT);
  }
}
