package io.vitessbeam.vstream.decode;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The words and signs of a MySQL statement, without its comments. What is in {@code /*! … *}{@code
 * /} is not a comment to MySQL.
 */
final class SqlTokens {

  /**
   * A word, a sign, or what stands between quotes.
   *
   * @param quote what it stands between, 0 for nothing
   */
  record Token(char quote, String text) {

    /** Whether it is a keyword. */
    boolean is(String word) {
      return quote == 0 && text.equalsIgnoreCase(word);
    }

    boolean isAnyOf(Set<String> words) {
      return words.stream().anyMatch(this::is);
    }

    /** Whether it can be an identifier; with ANSI_QUOTES those stand between double quotes. */
    boolean isName() {
      return quote == '`' || quote == '"' || (quote == 0 && isWord(text.charAt(0)));
    }
  }

  private final String sql;
  private final List<Token> tokens = new ArrayList<>();
  private int at;

  private SqlTokens(String sql) {
    this.sql = sql;
  }

  static List<Token> of(String sql) {
    SqlTokens tokens = new SqlTokens(sql);
    tokens.read();
    return List.copyOf(tokens.tokens);
  }

  private void read() {
    while (at < sql.length()) {
      char c = sql.charAt(at);
      if (Character.isWhitespace(c) || sql.startsWith("*/", at)) {
        at += c == '*' ? 2 : 1;
      } else if (sql.startsWith("/*!", at)) {
        at += 3;
        while (at < sql.length() && Character.isDigit(sql.charAt(at))) {
          at++;
        }
      } else if (sql.startsWith("/*", at)) {
        skipBehind("*/", at + 2);
      } else if (c == '#' || isDashComment()) {
        skipBehind("\n", at);
      } else if (c == '`' || c == '\'' || c == '"') {
        tokens.add(new Token(c, quoted(c)));
      } else if (isWord(c)) {
        int start = at;
        while (at < sql.length() && isWord(sql.charAt(at))) {
          at++;
        }
        tokens.add(new Token((char) 0, sql.substring(start, at)));
      } else {
        tokens.add(new Token((char) 0, String.valueOf(c)));
        at++;
      }
    }
  }

  private boolean isDashComment() {
    return sql.startsWith("--", at)
        && (at + 2 == sql.length() || Character.isWhitespace(sql.charAt(at + 2)));
  }

  private void skipBehind(String end, int from) {
    int found = sql.indexOf(end, from);
    at = found < 0 ? sql.length() : found + end.length();
  }

  private String quoted(char quote) {
    StringBuilder text = new StringBuilder();
    at++;
    while (at < sql.length()) {
      char c = sql.charAt(at++);
      if (c == '\\' && quote != '`' && at < sql.length()) {
        text.append(sql.charAt(at++));
      } else if (c != quote) {
        text.append(c);
      } else if (at < sql.length() && sql.charAt(at) == quote) {
        text.append(quote);
        at++;
      } else {
        break;
      }
    }
    return text.toString();
  }

  private static boolean isWord(char c) {
    return Character.isLetterOrDigit(c) || c == '_' || c == '$' || c > 127;
  }
}
