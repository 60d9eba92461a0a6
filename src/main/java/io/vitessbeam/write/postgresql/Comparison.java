package io.vitessbeam.write.postgresql;

/** How values of a type are compared: text byte by byte, as it is told apart too. */
final class Comparison {

  private Comparison() {}

  /** An expression of a type, in a form that orders. */
  static String of(String type, String expression) {
    return type.equals("text") || type.startsWith("character")
        ? expression + " COLLATE \"C\""
        : expression;
  }

  /** An expression of a type, in a form that can be told apart: {@code json} has no equality. */
  static String distinct(String type, String expression) {
    return type.equals("json") ? expression + "::text" : expression;
  }
}
