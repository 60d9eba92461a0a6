package io.vitessbeam.vstream;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What a DDL statement of a stream means for a table that is followed. Anything that is not plainly
 * known to leave the rows alone counts as a change of the table: that costs a copy, a wrong guess
 * would cost wrong data.
 */
final class DdlStatement {

  /** What it does to a table. */
  enum Effect {
    NONE,
    TRUNCATES,
    /** Adds one nullable column without a default at the end, see {@link #addedColumn}. */
    ADDS_COLUMN,
    CHANGES
  }

  private static final Set<String> INDEX_WORDS = Set.of("index", "key", "unique", "fulltext");

  /** Words with which a new column may hold something else than NULL, or isn't the last one. */
  private static final Set<String> NOT_PLAIN =
      Set.of(
          "not",
          "default",
          "generated",
          "as",
          "auto_increment",
          "first",
          "after",
          "primary",
          "unique",
          "key",
          "serial",
          "references",
          "check",
          ",");

  private final String text;
  private final List<String> tokens;

  DdlStatement(String text) {
    this.text = text;
    this.tokens = tokens(text);
  }

  /** Whether the statement names a table. Names in it may be qualified. */
  boolean names(String table) {
    return tokens.stream()
        .anyMatch(token -> token.equalsIgnoreCase(table) || token.equals('`' + table));
  }

  Effect effect() {
    if (word(0, "truncate")) {
      return Effect.TRUNCATES;
    }
    if (word(0, "analyze") || word(0, "optimize") || isIndexStatement()) {
      return Effect.NONE;
    }
    if (!word(0, "alter") || !word(1, "table")) {
      return Effect.CHANGES;
    }
    int at = afterName(2);
    boolean add = word(at, "add");
    boolean single = tokens.stream().noneMatch(","::equals) || depthZeroCommas() == 0;
    if (single && (add || word(at, "drop")) && isIndexAt(at + 1)) {
      return Effect.NONE;
    }
    return add && single && isPlainColumn(at) ? Effect.ADDS_COLUMN : Effect.CHANGES;
  }

  /** The column that an {@link Effect#ADDS_COLUMN} adds. */
  String addedColumn() {
    int at = afterName(2) + 1;
    return unquoted(tokens.get(word(at, "column") ? at + 1 : at));
  }

  private boolean isIndexStatement() {
    boolean create = word(0, "create");
    boolean drop = word(0, "drop");
    return (create || drop)
        && (word(1, "index")
            || (create && word(2, "index") && (word(1, "unique") || word(1, "fulltext"))));
  }

  private boolean isIndexAt(int at) {
    return at < tokens.size()
        && INDEX_WORDS.contains(tokens.get(at).toLowerCase(Locale.ROOT))
        && tokens.stream().noneMatch(token -> token.equalsIgnoreCase("primary"));
  }

  private boolean isPlainColumn(int at) {
    int column = word(at + 1, "column") ? at + 2 : at + 1;
    if (column + 1 >= tokens.size() || tokens.get(column).equals("(")) {
      return false;
    }
    int depth = 0;
    for (int i = column + 1; i < tokens.size(); i++) {
      String token = tokens.get(i).toLowerCase(Locale.ROOT);
      depth += token.equals("(") ? 1 : token.equals(")") ? -1 : 0;
      boolean nullDefault = token.equals("default") && word(i + 1, "null");
      if (depth == 0 && NOT_PLAIN.contains(token) && !nullDefault) {
        return false;
      }
    }
    return true;
  }

  private int depthZeroCommas() {
    int depth = 0;
    int commas = 0;
    for (String token : tokens) {
      depth += token.equals("(") ? 1 : token.equals(")") ? -1 : 0;
      commas += depth == 0 && token.equals(",") ? 1 : 0;
    }
    return commas;
  }

  /** The index behind a table name, which may be qualified. */
  private int afterName(int at) {
    return at + 1 < tokens.size() && tokens.get(at + 1).equals(".") ? at + 3 : at + 1;
  }

  private boolean word(int at, String word) {
    return at < tokens.size() && tokens.get(at).equalsIgnoreCase(word);
  }

  private static String unquoted(String token) {
    return token.startsWith("`") ? token.substring(1) : token;
  }

  /**
   * Words and signs; an identifier in backquotes keeps the first of them, strings are one token.
   */
  private static List<String> tokens(String sql) {
    List<String> tokens = new ArrayList<>();
    int i = 0;
    while (i < sql.length()) {
      char c = sql.charAt(i);
      if (Character.isWhitespace(c)) {
        i++;
      } else if (sql.startsWith("/*", i)) {
        int end = sql.indexOf("*/", i + 2);
        i = end < 0 ? sql.length() : end + 2;
      } else if (c == '`' || c == '\'' || c == '"') {
        StringBuilder token = new StringBuilder().append(c);
        i = quoted(sql, i, token);
        tokens.add(token.toString());
      } else if (isWord(c)) {
        int start = i;
        while (i < sql.length() && isWord(sql.charAt(i))) {
          i++;
        }
        tokens.add(sql.substring(start, i));
      } else {
        tokens.add(String.valueOf(c));
        i++;
      }
    }
    return tokens;
  }

  private static int quoted(String sql, int start, StringBuilder token) {
    char quote = sql.charAt(start);
    int i = start + 1;
    while (i < sql.length()) {
      char c = sql.charAt(i++);
      if (c == '\\' && quote != '`' && i < sql.length()) {
        token.append(sql.charAt(i++));
      } else if (c != quote) {
        token.append(c);
      } else if (i < sql.length() && sql.charAt(i) == quote) {
        token.append(quote);
        i++;
      } else {
        break;
      }
    }
    return i;
  }

  private static boolean isWord(char c) {
    return Character.isLetterOrDigit(c) || c == '_' || c == '$' || c > 127;
  }

  @Override
  public String toString() {
    return text;
  }
}
