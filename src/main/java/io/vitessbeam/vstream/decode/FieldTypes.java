package io.vitessbeam.vstream.decode;

import io.vitess.proto.Query;
import io.vitessbeam.schema.ColumnType;

/**
 * Whether values of a stream's field can be values of a column. A server that remembers former
 * schemas sends the type that a column had when the row was written.
 */
final class FieldTypes {

  private FieldTypes() {}

  /**
   * Numbers and times have to be of just the type: the text of another one may be no value of the
   * column. Text and bytes can hold the text of anything.
   */
  static boolean fits(Query.Type field, ColumnType column) {
    boolean unsigned = column.unsigned();
    return switch (column.base()) {
      case TINYINT -> field == (unsigned ? Query.Type.UINT8 : Query.Type.INT8);
      case SMALLINT -> field == (unsigned ? Query.Type.UINT16 : Query.Type.INT16);
      case MEDIUMINT -> field == (unsigned ? Query.Type.UINT24 : Query.Type.INT24);
      case INT -> field == (unsigned ? Query.Type.UINT32 : Query.Type.INT32);
      case BIGINT -> field == (unsigned ? Query.Type.UINT64 : Query.Type.INT64);
      case DECIMAL -> field == Query.Type.DECIMAL;
      case FLOAT -> field == Query.Type.FLOAT32;
      case DOUBLE -> field == Query.Type.FLOAT64;
      case YEAR -> field == Query.Type.YEAR;
      case BIT -> field == Query.Type.BIT;
      case DATE -> field == Query.Type.DATE;
      case DATETIME -> field == Query.Type.DATETIME;
      case TIMESTAMP -> field == Query.Type.TIMESTAMP;
      case TIME -> field == Query.Type.TIME;
      case JSON -> field == Query.Type.JSON;
      default -> true;
    };
  }

  /** Whether the type is one of those that binlog_row_image=NOBLOB leaves out. */
  static boolean isBlob(Query.Type field) {
    return switch (field) {
      case BLOB, TEXT, JSON, GEOMETRY, VECTOR -> true;
      default -> false;
    };
  }
}
