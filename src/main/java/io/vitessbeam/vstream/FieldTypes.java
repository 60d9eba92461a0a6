package io.vitessbeam.vstream;

import io.vitess.proto.Query;
import io.vitessbeam.schema.MysqlType;

/**
 * Whether values of a stream's field can be values of a column. A server that remembers former
 * schemas sends the type that a column had when the row was written.
 */
final class FieldTypes {

  private enum Family {
    NUMBER,
    DATE,
    TIME,
    JSON,
    BITS,
    /** Text and bytes, as which anything can be read. */
    BYTES
  }

  private FieldTypes() {}

  static boolean fits(Query.Type field, MysqlType column) {
    Family wanted = family(column);
    return wanted == Family.BYTES || wanted == family(field);
  }

  private static Family family(MysqlType type) {
    return switch (type) {
      case TINYINT, SMALLINT, MEDIUMINT, INT, BIGINT, DECIMAL, FLOAT, DOUBLE, YEAR -> Family.NUMBER;
      case DATE, DATETIME, TIMESTAMP -> Family.DATE;
      case TIME -> Family.TIME;
      case JSON -> Family.JSON;
      case BIT -> Family.BITS;
      default -> Family.BYTES;
    };
  }

  private static Family family(Query.Type type) {
    return switch (type) {
      case INT8,
          UINT8,
          INT16,
          UINT16,
          INT24,
          UINT24,
          INT32,
          UINT32,
          INT64,
          UINT64,
          FLOAT32,
          FLOAT64,
          DECIMAL,
          YEAR ->
          Family.NUMBER;
      case DATE, DATETIME, TIMESTAMP -> Family.DATE;
      case TIME -> Family.TIME;
      case JSON -> Family.JSON;
      case BIT -> Family.BITS;
      default -> Family.BYTES;
    };
  }
}
