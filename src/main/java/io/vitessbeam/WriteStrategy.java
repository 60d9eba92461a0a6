package io.vitessbeam;

/** How the rows of a run meet the rows that the destination table has already. */
public enum WriteStrategy {
  /**
   * The table becomes exactly the rows of the run, with the columns of the run. Readers see the old
   * table or the new one, each whole; when the run fails the old one stays.
   */
  REPLACE,

  /** The rows of the run come beside those that are there. A run that is tried again adds none. */
  APPEND,

  /**
   * Rows whose key is there take the place of the row with that key, the others come beside them.
   * Of several rows of the run with one key the one with the highest incremental key stays.
   */
  MERGE,

  /**
   * The rows of the run take the place of all rows in the interval of the incremental key that they
   * cover: the one that is given, or from the least to the highest of the run.
   */
  DELETE_INSERT,

  /**
   * Every version of a row is kept, with the time from which and until which it was the current
   * one: {@code _scd_valid_from}, {@code _scd_valid_to}, {@code _scd_is_current}.
   */
  SCD2
}
