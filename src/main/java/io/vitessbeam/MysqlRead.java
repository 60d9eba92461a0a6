package io.vitessbeam;

import io.vitessbeam.connect.MysqlUri;
import io.vitessbeam.read.resolve.ReadOptions;

/**
 * Reads a table, a view or a query of a plain MySQL server; one that is a Vitess is refused.
 *
 * <p><b>Parallelism.</b> A table with many rows is read in ranges of its primary key that hold
 * about equally many rows, {@link #withParallelism} of them. A table without a primary key (or with
 * one that has no order by literals: FLOAT, DOUBLE, BIT, ENUM, SET, TIME, YEAR, prefixes), a view,
 * a query, a limited read and one with an incremental key are one range.
 *
 * <p><b>Guarantee.</b> That of {@link VitessRead}: every row that is there from begin to end of the
 * read comes exactly once; the ranges are not one snapshot.
 *
 * <p>A table is {@code table} or {@code database.table}; a name with a dot stands in backquotes. A
 * limit takes the first rows by primary key.
 */
public final class MysqlRead extends KeyRangeRead<MysqlRead> {

  private static final long serialVersionUID = 1L;

  private MysqlRead(ReadOptions options, String runId) {
    super(options, runId);
  }

  /** Reads from the database of a URI; {@link #withTable} or {@link #withQuery} has to follow. */
  public static MysqlRead from(MysqlUri uri) {
    return new MysqlRead(ReadOptions.of(uri), UNNAMED);
  }

  /**
   * Reads from the database of a URI.
   *
   * @throws ConfigurationException if the text is no {@code mysql://} URI
   */
  public static MysqlRead from(String uri) {
    return from(MysqlUri.parse(uri));
  }

  @Override
  MysqlRead with(ReadOptions changed, String newRunId) {
    return new MysqlRead(changed, newRunId);
  }
}
