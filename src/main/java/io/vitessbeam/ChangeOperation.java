package io.vitessbeam;

/** What happened to a row. */
public enum ChangeOperation {
  /** A row as it was when the table was copied. */
  COPY,
  INSERT,
  /** A change that left the row's key as it was; one that changed it is a DELETE and an INSERT. */
  UPDATE,
  DELETE,
  /** All rows of the shard are gone. */
  TRUNCATE
}
