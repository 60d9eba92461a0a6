package io.vitessbeam.block;

/** What a row of a block of changes stands for. */
public enum RowKind {
  /** A row as it was when the table was copied. */
  COPY(0),
  INSERT(1),
  /** A changed row, as it is after the change. */
  UPDATE(2),
  /** A row that is gone, as far as its last values are known. */
  DELETE(3),
  /** All rows that the shard had are gone; every value is NULL. */
  TRUNCATE(4),
  /** A changed row as it was; stands right before its UPDATE, and only where it was asked for. */
  BEFORE(5);

  private static final RowKind[] BY_CODE = values();

  private final byte code;

  RowKind(int code) {
    this.code = (byte) code;
  }

  /** What stands for it in a block's marks and in staging tables. */
  public byte code() {
    return code;
  }

  static RowKind of(byte code) {
    return BY_CODE[code];
  }
}
