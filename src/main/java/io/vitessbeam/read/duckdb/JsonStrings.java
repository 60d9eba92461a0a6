package io.vitessbeam.read.duckdb;

import java.nio.charset.StandardCharsets;

/** What stands between the quotes of a JSON string, without its escapes. */
final class JsonStrings {

  private JsonStrings() {}

  static boolean isEscaped(byte[] json, int begin, int end) {
    for (int i = begin; i < end; i++) {
      if (json[i] == '\\') {
        return true;
      }
    }
    return false;
  }

  static String of(byte[] json, int begin, int end) {
    String text = new String(json, begin, end - begin, StandardCharsets.UTF_8);
    int escape = text.indexOf('\\');
    if (escape < 0) {
      return text;
    }
    StringBuilder plain = new StringBuilder(text.length());
    int from = 0;
    while (escape >= 0) {
      plain.append(text, from, escape);
      char c = text.charAt(escape + 1);
      from = escape + 2;
      if (c == 'u') {
        plain.append((char) Integer.parseInt(text.substring(from, from + 4), 16));
        from += 4;
      } else {
        plain.append(
            switch (c) {
              case 'b' -> '\b';
              case 'f' -> '\f';
              case 'n' -> '\n';
              case 'r' -> '\r';
              case 't' -> '\t';
              default -> c;
            });
      }
      escape = text.indexOf('\\', from);
    }
    return plain.append(text, from, text.length()).toString();
  }
}
