package io.vitessbeam.schema;

/**
 * In what sense the values of a column are equal and come one after the other, in every database:
 * numbers and moments by what they are, however they are written down; text and bytes byte by byte,
 * whatever a collation says.
 */
public enum ValueOrder {
  NUMBER("-?([0-9]+([.][0-9]{0,30})?|[.][0-9]{1,30})", "a number"),
  FLOATING("[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)([eE][+-]?[0-9]+)?", "a number"),
  /** A day is its midnight. All are in UTC. */
  MOMENT(
      "[0-9]{4}-[0-9]{2}-[0-9]{2}"
          + "([ T][0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,9})?)?([+]00(:00)?)?)?",
      "a moment"),
  /** As long as MySQL's TIME is: days long, and negative. */
  TIME("-?[0-9]{1,4}:[0-9]{2}:[0-9]{2}([.][0-9]{1,9})?", "a time"),
  TEXT("", "a text"),
  BYTES("", "bytes"),
  /** None that all databases agree on. */
  NONE("", "without an order");

  private final String pattern;
  private final String noun;

  ValueOrder(String pattern, String noun) {
    this.pattern = pattern;
    this.noun = noun;
  }

  public static ValueOrder of(MysqlType type) {
    return switch (type) {
      case TINYINT, SMALLINT, MEDIUMINT, INT, BIGINT, YEAR, DECIMAL -> NUMBER;
      case FLOAT, DOUBLE -> FLOATING;
      case DATE, DATETIME, TIMESTAMP -> MOMENT;
      case TIME -> TIME;
      case CHAR, VARCHAR, TINYTEXT, TEXT, MEDIUMTEXT, LONGTEXT -> TEXT;
      case BINARY, VARBINARY, TINYBLOB, BLOB, MEDIUMBLOB, LONGBLOB -> BYTES;
      case ENUM, SET, BIT, JSON, GEOMETRY, VECTOR -> NONE;
    };
  }

  /**
   * What a text looks like that is such a value: a regular expression that all databases read
   * alike. Empty where every text is one, or none.
   */
  public String pattern() {
    return pattern;
  }

  /** What a value is called. */
  public String noun() {
    return noun;
  }
}
