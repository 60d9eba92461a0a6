package io.vitessbeam.write.postgresql.copy;

import java.sql.SQLException;

/**
 * Writes values of a type as a field of COPY: its length in bytes, then its bytes. Called once per
 * value, so that nothing is to be allocated. Stateless.
 */
@FunctionalInterface
interface ValueWriter {

  /** The length of a field that is NULL. */
  int NULL = -1;

  /**
   * Writes a value that is not NULL. What it throws says what the value is not; it need not name
   * the column.
   *
   * @throws NumberFormatException if it is no number of the type
   * @throws java.time.DateTimeException if it is no date or time of the type
   * @throws UnfitException if the type can't hold it
   */
  void write(CopyStream out, byte[] bytes, int offset, int length) throws SQLException;
}
