package io.vitessbeam.schema;

import java.util.ArrayList;
import java.util.List;

/** Reads the members of an ENUM or a SET from {@code information_schema.COLUMNS.COLUMN_TYPE}. */
public final class TypeText {

  private TypeText() {}

  /**
   * The labels of {@code enum('a','b''c')}. The server doubles quotes and escapes backslash, line
   * feed, carriage return and NUL with a backslash.
   */
  public static List<String> labels(String columnType) {
    List<String> labels = new ArrayList<>();
    int i = columnType.indexOf('(') + 1;
    while (i > 0 && i < columnType.length() && columnType.charAt(i) == '\'') {
      StringBuilder label = new StringBuilder();
      i++;
      while (true) {
        char c = columnType.charAt(i++);
        if (c == '\\') {
          label.append(unescape(columnType.charAt(i++)));
        } else if (c != '\'') {
          label.append(c);
        } else if (i < columnType.length() && columnType.charAt(i) == '\'') {
          label.append('\'');
          i++;
        } else {
          break;
        }
      }
      labels.add(label.toString());
      // Past the comma, or onto the closing parenthesis, which ends the loop.
      i++;
    }
    return labels;
  }

  private static char unescape(char escaped) {
    return switch (escaped) {
      case 'n' -> '\n';
      case 'r' -> '\r';
      case '0' -> '\0';
      default -> escaped;
    };
  }
}
