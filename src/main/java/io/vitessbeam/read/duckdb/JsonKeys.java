package io.vitessbeam.read.duckdb;

import io.vitessbeam.DataException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The keys of objects, numbered in the order in which they come up; case counts. Objects tend to
 * have their keys in the same order, so the one behind the last one is tried first.
 */
final class JsonKeys {

  private final Map<String, Integer> numbers = new HashMap<>();
  private final List<String> names = new ArrayList<>();
  private final List<byte[]> texts = new ArrayList<>();
  private final boolean complete;
  private int[] lastObjects = new int[16];
  private int object;
  private int next;

  /** Takes new keys. */
  JsonKeys() {
    complete = false;
  }

  /** Takes these keys only. */
  JsonKeys(List<String> known) {
    known.forEach(this::add);
    complete = true;
  }

  List<String> names() {
    return names;
  }

  /** Begins another object. */
  void begin() {
    object++;
    next = 0;
  }

  /** The number of a key of the object. */
  int number(byte[] json, int begin, int end) {
    int number = next;
    if (next == texts.size()
        || !Arrays.equals(texts.get(next), 0, texts.get(next).length, json, begin, end)) {
      number = find(JsonStrings.of(json, begin, end));
    }
    if (lastObjects[number] == object) {
      throw new DataException("an object has the key " + names.get(number) + " twice");
    }
    lastObjects[number] = object;
    next = number + 1;
    return number;
  }

  private int find(String name) {
    Integer number = numbers.get(name);
    if (number != null) {
      return number;
    }
    if (complete) {
      throw new DataException(
          "the key " + name + " has come up since the files were looked at; read them again");
    }
    if (name.isEmpty()) {
      throw new DataException(
          "an object has an empty key (\"\"), which is no name for a column; give it another one,"
              + " or read the file by a query on duckdb://");
    }
    return add(name);
  }

  private int add(String name) {
    int number = names.size();
    numbers.put(name, number);
    names.add(name);
    // A key that is written with escapes is found by its name.
    texts.add(name.getBytes(StandardCharsets.UTF_8));
    if (lastObjects.length == number) {
      lastObjects = Arrays.copyOf(lastObjects, 2 * number);
    }
    return number;
  }
}
