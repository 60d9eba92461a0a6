package io.vitessbeam;

/**
 * What a table that is there does about columns that it lacks, and about values that the type of
 * its column can't hold. {@link WriteStrategy#REPLACE} makes a new table and doesn't mind.
 */
public enum SchemaContract {
  /** Gets the columns, and wider types. */
  EVOLVE,

  /** Stays as it is: the run fails before anything is written. */
  FREEZE,

  /**
   * Stays as it is: rows that have a value in a column that it lacks, or one that does not fit, are
   * left out and counted. NULL in such a column leaves no row out.
   */
  DISCARD_ROW,

  /**
   * Stays as it is: columns that it lacks are left out, and values that do not fit are NULL; values
   * that are lost so are counted. One in a key, or in a column that is NOT NULL, fails the run.
   */
  DISCARD_VALUE
}
