package io.vitessbeam;

/** How columns of the source are called in the destination, unless {@code withColumns} says it. */
public enum SchemaNaming {
  /** As in the source. */
  DIRECT,

  /**
   * In lower case, words parted by underscores: {@code getHTTPResponse} becomes {@code
   * get_http_response}.
   */
  SNAKE_CASE,

  /**
   * As the table has it that is there: as in the source if more of the names that the two namings
   * differ in are so; in snake case otherwise, and for a new table.
   */
  AUTO
}
