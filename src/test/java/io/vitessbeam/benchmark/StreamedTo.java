package io.vitessbeam.benchmark;

import java.sql.SQLException;
import java.util.List;

/**
 * A destination of a stream of {@link Traffic}, as somebody sees it who reads its tables. For one
 * thread.
 */
interface StreamedTo {

  /**
   * A row of {@link Traffic#BEATS}.
   *
   * @param micros when it was written, since 1970
   */
  record Beat(long id, long micros) {}

  /**
   * How much is visible.
   *
   * @param beats as many as transactions
   * @param micros since when, since 1970
   */
  record Visible(long beats, long micros) {}

  /** Something that keeps the stream from writing until it is closed. */
  interface Hold extends AutoCloseable {
    @Override
    void close() throws SQLException;
  }

  /** For the title of a figure. */
  String name();

  /** As {@code --dest-uri} takes it. */
  String uri();

  /** Whether the tables were made. */
  boolean isThere() throws SQLException;

  /** The beats behind one that are visible, in their order; none while it can't be read. */
  List<Beat> beatsAfter(long id) throws SQLException;

  /** How much is visible; what it said last while it can't be read. */
  Visible visible() throws SQLException;

  Hold hold() throws SQLException;

  /** What a table holds. */
  Contents contents(String table) throws SQLException;
}
