package io.vitessbeam;

/** How the rows of a run meet the rows that the destination table has already. */
public enum WriteStrategy {
  /**
   * The table becomes exactly the rows of the run, with the columns of the run. Readers see the old
   * table or the new one, each whole; when the run fails the old one stays.
   */
  REPLACE
}
