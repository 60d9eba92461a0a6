package io.vitessbeam.schema.stream;

import java.util.Arrays;

/**
 * JSON as Vitess rebuilds it from the binary log. A DECIMAL in it comes in another form than
 * JSON's, {@code -.5} before 24.0.3 and {@code 000000005}, which is repaired; bytes come as {@code
 * ""base64:…"}, which can't be read.
 */
final class StreamJson {

  /** MySQL's documents are 100 levels deep at most. */
  private static final int MOST_LEVELS = 200;

  private static final String[] WORDS = {"true", "false", "null"};
  private static final String HEX = "0123456789abcdef";

  private final byte[] bytes;
  private final int end;
  private int at;
  private byte[] out;
  private int size;

  private StreamJson(byte[] bytes, int offset, int length) {
    this.bytes = bytes;
    this.at = offset;
    this.end = offset + length;
    this.out = new byte[length + 16];
  }

  /**
   * The document in an array of its own, with numbers as JSON has them.
   *
   * @throws IllegalArgumentException if it is no JSON for another reason
   */
  static byte[] repair(byte[] bytes, int offset, int length) {
    StreamJson json = new StreamJson(bytes, offset, length);
    json.blanks();
    if (json.at == json.end) {
      // What a document of no bytes means, as an old row has in a column that was added.
      return new byte[] {'n', 'u', 'l', 'l'};
    }
    json.value(0);
    json.blanks();
    if (json.at < json.end) {
      throw noJson();
    }
    return Arrays.copyOf(json.out, json.size);
  }

  private static IllegalArgumentException noJson() {
    return new IllegalArgumentException("it is no JSON, though it was one in MySQL");
  }

  private void value(int level) {
    if (level > MOST_LEVELS) {
      throw noJson();
    }
    switch (peek()) {
      case '{' -> elements('}', level);
      case '[' -> elements(']', level);
      case '"' -> text();
      case 't', 'f', 'n' -> word();
      default -> number();
    }
  }

  private int peek() {
    if (at == end) {
      throw noJson();
    }
    return bytes[at];
  }

  private void add(int c) {
    if (size == out.length) {
      out = Arrays.copyOf(out, out.length * 2);
    }
    out[size++] = (byte) c;
  }

  private void take() {
    add(bytes[at++]);
  }

  private void take(char c) {
    if (peek() != c) {
      throw noJson();
    }
    take();
  }

  private void blanks() {
    while (at < end
        && (bytes[at] == ' ' || bytes[at] == '\t' || bytes[at] == '\n' || bytes[at] == '\r')) {
      take();
    }
  }

  private void elements(char close, int level) {
    take();
    blanks();
    boolean first = true;
    while (peek() != close) {
      if (!first) {
        take(',');
        blanks();
      }
      first = false;
      if (close == '}') {
        text();
        blanks();
        take(':');
        blanks();
      }
      value(level + 1);
      blanks();
    }
    take();
  }

  private void word() {
    for (String word : WORDS) {
      int length = word.length();
      if (end - at >= length && word.charAt(0) == bytes[at]) {
        for (int i = 0; i < length; i++) {
          take(word.charAt(i));
        }
        return;
      }
    }
    throw noJson();
  }

  private void text() {
    take('"');
    while (peek() != '"') {
      int c = bytes[at];
      if (c == '\\') {
        escaped();
      } else if (c >= 0 && c < ' ') {
        escape(c);
        at++;
      } else {
        take();
      }
    }
    take();
  }

  private void escaped() {
    take();
    int c = peek();
    if ("\"\\/bfnrtu".indexOf(c) < 0) {
      throw noJson();
    }
    take();
    if (c == 'u') {
      for (int i = 0; i < 4; i++) {
        if (Character.digit(peek(), 16) < 0) {
          throw noJson();
        }
        take();
      }
    }
  }

  private void escape(int c) {
    for (char sign : new char[] {'\\', 'u', '0', '0', HEX.charAt(c >> 4), HEX.charAt(c & 15)}) {
      add(sign);
    }
  }

  /** Without zeros before its digits, and with one before a point. */
  private void number() {
    if (peek() == '-') {
      take();
    }
    int begin = at;
    while (at < end && bytes[at] == '0') {
      at++;
    }
    boolean digits = at > begin;
    if (at == end || !isDigit()) {
      add('0');
    }
    digits |= digits();
    if (at < end && bytes[at] == '.') {
      take();
      if (!digits()) {
        throw noJson();
      }
      digits = true;
    }
    if (digits && at < end && (bytes[at] == 'e' || bytes[at] == 'E')) {
      take();
      if (peek() == '-' || peek() == '+') {
        take();
      }
      digits = digits();
    }
    if (!digits) {
      throw noJson();
    }
  }

  private boolean isDigit() {
    return bytes[at] >= '0' && bytes[at] <= '9';
  }

  private boolean digits() {
    int begin = at;
    while (at < end && isDigit()) {
      take();
    }
    return at > begin;
  }
}
