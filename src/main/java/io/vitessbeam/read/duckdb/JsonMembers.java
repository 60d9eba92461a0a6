package io.vitessbeam.read.duckdb;

import io.vitessbeam.DataException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Where the members of a JSON object lie in its text, just as they stand there: DuckDB's functions
 * would print numbers of many digits as doubles. The text has been checked to be JSON.
 */
final class JsonMembers {

  private static final int SHOWN_BYTES = 80;

  private byte[] json;
  private int at;
  private int count;
  private int[] bounds = new int[64];

  /** Looks at an object. */
  void read(byte[] text) {
    json = text;
    at = 0;
    count = 0;
    skipBlanks();
    if (json[at] != '{') {
      String shown =
          new String(json, 0, Math.min(json.length, SHOWN_BYTES), StandardCharsets.UTF_8);
      throw new DataException("a line is no object: " + shown);
    }
    at++;
    skipBlanks();
    while (json[at] != '}') {
      member();
      skipBlanks();
      if (json[at] == ',') {
        at++;
        skipBlanks();
      }
    }
  }

  private void member() {
    if (bounds.length < 4 * (count + 1)) {
      bounds = Arrays.copyOf(bounds, 2 * bounds.length);
    }
    bounds[4 * count] = at + 1;
    skipString();
    bounds[4 * count + 1] = at - 1;
    skipBlanks();
    at++;
    skipBlanks();
    bounds[4 * count + 2] = at;
    skipValue();
    bounds[4 * count + 3] = at;
    count++;
  }

  int count() {
    return count;
  }

  /** The first byte of a key, behind its quote. */
  int keyBegin(int member) {
    return bounds[4 * member];
  }

  /** The quote behind a key. */
  int keyEnd(int member) {
    return bounds[4 * member + 1];
  }

  int valueBegin(int member) {
    return bounds[4 * member + 2];
  }

  int valueEnd(int member) {
    return bounds[4 * member + 3];
  }

  private void skipBlanks() {
    while (at < json.length && json[at] <= ' ' && json[at] >= 0) {
      at++;
    }
  }

  private void skipString() {
    at++;
    while (json[at] != '"') {
      at += json[at] == '\\' ? 2 : 1;
    }
    at++;
  }

  private void skipValue() {
    int depth = 0;
    do {
      switch (json[at]) {
        case '"' -> skipString();
        case '{', '[' -> {
          depth++;
          at++;
        }
        case '}', ']' -> {
          depth--;
          at++;
        }
        default -> {
          if (depth > 0) {
            at++;
          } else {
            skipWord();
          }
        }
      }
    } while (depth > 0);
  }

  /** A number, true, false, null. */
  private void skipWord() {
    while (json[at] != ',' && json[at] != '}' && (json[at] > ' ' || json[at] < 0)) {
      at++;
    }
  }
}
