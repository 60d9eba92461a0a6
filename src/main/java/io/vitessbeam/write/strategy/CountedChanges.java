package io.vitessbeam.write.strategy;

import io.vitessbeam.write.TargetTable;
import io.vitessbeam.write.load.Receipts;
import java.sql.SQLException;

/**
 * Changes the rows of a table, and fails if it did not change as many as it was to.
 *
 * @param table for messages
 */
record CountedChanges(Dialect dialect, TargetTable table) {

  /** Runs a statement that is to change so many rows. */
  void make(String done, long meant, String sql) throws SQLException {
    Receipts.requirePublished(table, done, meant, dialect.update(sql), dialect.filters());
  }

  /**
   * Runs a statement of which only a query can tell how many rows it is to change: asked where the
   * table may do otherwise without an error.
   *
   * @param meant the rows, as what stands after FROM
   */
  void make(String done, String meant, String sql) throws SQLException {
    if (dialect.filters().isEmpty()) {
      dialect.update(sql);
    } else {
      make(done, dialect.number("SELECT count(*) FROM " + meant), sql);
    }
  }
}
