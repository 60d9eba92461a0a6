package io.vitessbeam.read.duckdb;

/**
 * A column whose values are text that may stand for something else.
 *
 * @param name in the file
 * @param expression SQL that gives the text
 * @param form what the text may be
 */
record TextColumn(String name, String expression, Form form) {

  /** Where text comes from, and so what it may be taken for. */
  enum Form {
    /** Anything. */
    FIELD,
    /** What stands between the quotes in JSON, which is no number and no truth value. */
    JSON_STRING,
    /** A number in JSON, which may be written in several ways. */
    JSON_NUMBER,
    /** {@code true} or {@code false} in JSON. */
    JSON_TRUTH,
    /** Any JSON, as it stands in the file. */
    JSON,
    /** Text, whatever it looks like. */
    TEXT,
    /** Text that is converted later, unless an option says how it is to be read. */
    CONVERTED
  }
}
