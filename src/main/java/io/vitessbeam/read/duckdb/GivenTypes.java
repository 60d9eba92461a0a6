package io.vitessbeam.read.duckdb;

import java.io.Serializable;
import java.util.HashMap;
import java.util.Map;

/**
 * What becomes of columns after they are read, by their names, if the user has said so: their type
 * is not guessed then. For sources whose values are text.
 *
 * @param others what the columns are that have no name here
 */
public record GivenTypes(Map<String, Kind> kinds, Kind others) implements Serializable {

  public static final GivenTypes NONE = new GivenTypes(Map.of(), Kind.GUESSED);

  /** Kinds of types. */
  public enum Kind {
    /** No type was given. */
    GUESSED,
    /** Text or bytes: just what stands in the file. */
    TEXT,
    /** JSON: a text of it stays what it is in the file, with its quotes. */
    JSON,
    /** A number, a date or the like, which is made of the text. */
    CONVERTED
  }

  public GivenTypes {
    kinds = new HashMap<>(kinds);
  }

  Kind of(String column) {
    return kinds.getOrDefault(column, others);
  }
}
