package io.vitessbeam.vstream.position;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A set of MySQL transactions: intervals of numbers per server (and tag, MySQL 8.3 and later).
 * Immutable.
 *
 * @see <a href="https://dev.mysql.com/doc/refman/8.4/en/replication-gtids-concepts.html">GTID
 *     sets</a>
 */
public final class GtidSet {

  /** The flavor that vtgate wants in front of a set, and leaves out where SQL gives one. */
  public static final String FLAVOR = "MySQL56/";

  private static final Pattern TAG = Pattern.compile("[A-Za-z_][A-Za-z_0-9]*");
  private static final Pattern INTERVAL = Pattern.compile("(\\d{1,18})(?:-(\\d{1,18}))?");
  private static final Pattern BLANKS = Pattern.compile("\\s|\\\\n");

  /** Characters of a server's UUID. */
  private static final int SERVER_LENGTH = 36;

  /** By server, or server:tag, the first and last numbers of its intervals, in order. */
  private final Map<String, long[]> intervals;

  private GtidSet(Map<String, long[]> intervals) {
    this.intervals = intervals;
  }

  /**
   * Reads {@code uuid:1-5:7,uuid:tag:1-3} with or without the flavor; blanks and line ends, which
   * MySQL puts behind its commas, don't count.
   *
   * @throws IllegalArgumentException if the text is something else
   */
  public static GtidSet parse(String text) {
    String set = text.startsWith(FLAVOR) ? text.substring(FLAVOR.length()) : text;
    GtidSet simple = parseSimple(set);
    if (simple != null) {
      return simple;
    }
    Map<String, long[]> intervals = new TreeMap<>();
    for (String part : BLANKS.matcher(set).replaceAll("").split(",", -1)) {
      if (!part.isEmpty()) {
        parsePart(part, intervals);
      }
    }
    return new GtidSet(intervals);
  }

  /** A set of one interval, as almost all are: read once per transaction, so without patterns. */
  private static GtidSet parseSimple(String set) {
    int length = set.length();
    if (length < SERVER_LENGTH + 4
        || length > SERVER_LENGTH + 3 + 18
        || !set.startsWith(":1-", SERVER_LENGTH)) {
      return null;
    }
    long last = 0;
    for (int i = SERVER_LENGTH + 3; i < length; i++) {
      int digit = set.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return null;
      }
      last = 10 * last + digit;
    }
    String server = set.substring(0, SERVER_LENGTH);
    return last > 0 && isServer(server)
        ? new GtidSet(Map.of(server.toLowerCase(Locale.ROOT), new long[] {1, last}))
        : null;
  }

  private static boolean isServer(String text) {
    for (int i = 0; i < SERVER_LENGTH; i++) {
      char c = text.charAt(i);
      boolean dash = i == 8 || i == 13 || i == 18 || i == 23;
      if (dash ? c != '-' : !HexFormat.isHexDigit(c)) {
        return false;
      }
    }
    return text.length() == SERVER_LENGTH;
  }

  private static void parsePart(String part, Map<String, long[]> intervals) {
    String[] words = part.split(":", -1);
    String server = words[0];
    if (server.length() != SERVER_LENGTH || !isServer(server) || words.length < 2) {
      throw new IllegalArgumentException("'" + part + "' is no part of a GTID set");
    }
    // MySQL ignores the case of servers and tags, and prints them in lower case.
    server = server.toLowerCase(Locale.ROOT);
    String name = server;
    for (int i = 1; i < words.length; i++) {
      if (TAG.matcher(words[i]).matches() && i + 1 < words.length) {
        name = server + ":" + words[i].toLowerCase(Locale.ROOT);
      } else {
        intervals.merge(name, interval(words[i]), GtidSet::joined);
      }
    }
  }

  private static long[] interval(String text) {
    Matcher bounds = INTERVAL.matcher(text);
    if (bounds.matches()) {
      long first = Long.parseLong(bounds.group(1));
      long last = bounds.group(2) == null ? first : Long.parseLong(bounds.group(2));
      if (first >= 1 && first <= last) {
        return new long[] {first, last};
      }
    }
    throw new IllegalArgumentException("'" + text + "' is no interval of a GTID set");
  }

  private static long[] joined(long[] a, long[] b) {
    long[] all = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, all, a.length, b.length);
    long[][] pairs = new long[all.length / 2][];
    for (int i = 0; i < pairs.length; i++) {
      pairs[i] = new long[] {all[2 * i], all[2 * i + 1]};
    }
    Arrays.sort(pairs, (x, y) -> Long.compare(x[0], y[0]));
    long[] result = new long[all.length];
    int count = 0;
    for (long[] pair : pairs) {
      if (count > 0 && pair[0] <= result[count - 1] + 1) {
        result[count - 1] = Math.max(result[count - 1], pair[1]);
      } else {
        result[count++] = pair[0];
        result[count++] = pair[1];
      }
    }
    return Arrays.copyOf(result, count);
  }

  /** The number of transactions in the set. */
  public long rank() {
    long rank = 0;
    for (long[] bounds : intervals.values()) {
      rank += count(bounds);
    }
    return rank;
  }

  public boolean isEmpty() {
    return intervals.isEmpty();
  }

  /** Whether every transaction of the other set is in this one. */
  public boolean contains(GtidSet other) {
    for (Map.Entry<String, long[]> entry : other.intervals.entrySet()) {
      long[] mine = intervals.get(entry.getKey());
      long[] wanted = entry.getValue();
      for (int i = 0; i < wanted.length; i += 2) {
        if (mine == null || !covers(mine, wanted[i], wanted[i + 1])) {
          return false;
        }
      }
    }
    return true;
  }

  private static boolean covers(long[] bounds, long first, long last) {
    for (int i = 0; i < bounds.length; i += 2) {
      if (bounds[i] <= first && last <= bounds[i + 1]) {
        return true;
      }
    }
    return false;
  }

  /** The transactions that are in both sets. */
  public GtidSet intersection(GtidSet other) {
    Map<String, long[]> common = new TreeMap<>();
    intervals.forEach(
        (name, mine) -> {
          long[] theirs = other.intervals.getOrDefault(name, new long[0]);
          for (int i = 0; i < mine.length; i += 2) {
            for (int j = 0; j < theirs.length; j += 2) {
              long first = Math.max(mine[i], theirs[j]);
              long last = Math.min(mine[i + 1], theirs[j + 1]);
              if (first <= last) {
                common.merge(name, new long[] {first, last}, GtidSet::joined);
              }
            }
          }
        });
    return new GtidSet(common);
  }

  /** The servers, with their tags, that the transactions come from. */
  public Set<String> servers() {
    return intervals.keySet();
  }

  /** How many transactions of a server it has. */
  public long count(String server) {
    return count(intervals.getOrDefault(server, new long[0]));
  }

  private static long count(long[] bounds) {
    long count = 0;
    for (int i = 0; i < bounds.length; i += 2) {
      count += bounds[i + 1] - bounds[i] + 1;
    }
    return count;
  }

  /** The set with only the first of the transactions that it has of a server. */
  public GtidSet withFirst(String server, long most) {
    long[] bounds = intervals.getOrDefault(server, new long[0]);
    Map<String, long[]> left = new TreeMap<>(intervals);
    left.remove(server);
    long missing = most;
    for (int i = 0; i < bounds.length && missing > 0; i += 2) {
      long last = Math.min(bounds[i + 1], bounds[i] + missing - 1);
      left.merge(server, new long[] {bounds[i], last}, GtidSet::joined);
      missing -= last - bounds[i] + 1;
    }
    return new GtidSet(left);
  }

  /** The set without its flavor, as SQL takes it. */
  public String sql() {
    return intervals.entrySet().stream()
        .map(entry -> entry.getKey() + text(entry.getValue()))
        .collect(Collectors.joining(","));
  }

  private static String text(long[] bounds) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < bounds.length; i += 2) {
      text.append(':').append(bounds[i]);
      if (bounds[i + 1] > bounds[i]) {
        text.append('-').append(bounds[i + 1]);
      }
    }
    return text.toString();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof GtidSet set && sql().equals(set.sql());
  }

  @Override
  public int hashCode() {
    return sql().hashCode();
  }

  /** The set with its flavor, as VStream takes it. */
  @Override
  public String toString() {
    return FLAVOR + sql();
  }
}
