package io.vitessbeam.testing;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The kinds of statements of a run: two are of one kind that differ in names, numbers, texts and
 * the length of lists alone.
 */
public final class StatementKinds {

  private static final Pattern TEXT = Pattern.compile("'(?:[^'\\\\]|''|\\\\.)*'");
  private static final Pattern NAME = Pattern.compile("\"[^\"]*\"|`[^`]*`");
  private static final Pattern NUMBER = Pattern.compile("-?\\b\\w*\\d\\w*\\b");
  private static final Pattern WRITE =
      Pattern.compile(
          "(?:ALTER|COMMIT|COPY|CREATE|DELETE|DROP|INSERT|RENAME|REPLACE|TRUNCATE|UPDATE)\\b.*",
          Pattern.DOTALL);
  private static final Pattern LIST = Pattern.compile("([?n]|\\(\\s*[?n]\\s*\\))(\\s*, ?\\1)+");

  private final Set<String> known = new HashSet<>();

  /** Whether a statement changes anything, or makes changes last. */
  public static boolean writes(String statement) {
    return WRITE.matcher(statement).matches();
  }

  /** What stands for all statements of a kind. */
  public static String of(String statement) {
    String kind = TEXT.matcher(statement).replaceAll("?");
    kind = NAME.matcher(kind).replaceAll("n");
    kind = NUMBER.matcher(kind).replaceAll("?");
    String shorter = LIST.matcher(kind).replaceAll("$1");
    while (!shorter.equals(kind)) {
      kind = shorter;
      shorter = LIST.matcher(kind).replaceAll("$1");
    }
    return kind.replaceAll("\\s+", " ").strip();
  }

  /**
   * The places of the first and of the last statement of each kind, but for the kinds that were
   * asked about before. A commit is always one of them, as it ends whatever was done before it.
   */
  public List<Integer> newIn(List<String> statements) {
    Map<String, Integer> first = new HashMap<>();
    Map<String, Integer> last = new HashMap<>();
    for (int i = 0; i < statements.size(); i++) {
      String kind = of(statements.get(i));
      if (kind.equals("COMMIT") || !known.contains(kind)) {
        first.putIfAbsent(kind, i);
        last.put(kind, i);
      }
    }
    known.addAll(first.keySet());
    Set<Integer> ends = new TreeSet<>(first.values());
    ends.addAll(last.values());
    return List.copyOf(ends);
  }

  /** The places of the last statement of each kind. */
  public static List<Integer> lastIn(List<String> statements) {
    Map<String, Integer> last = new HashMap<>();
    for (int i = 0; i < statements.size(); i++) {
      last.put(of(statements.get(i)), i);
    }
    return last.values().stream().sorted().toList();
  }
}
