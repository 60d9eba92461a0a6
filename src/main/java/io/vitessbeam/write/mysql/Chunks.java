package io.vitessbeam.write.mysql;

import io.vitessbeam.write.mysql.Registry.Entry;
import java.sql.SQLException;

/**
 * Publishes range by range, each in one transaction that notes in the registry that it is done: so
 * a publication goes on where an earlier try of it ended. The registry's progress is the phase and
 * the number of ranges of it that are done.
 */
final class Chunks {

  private static final long PHASE = 1L << 40;

  private final StagedLoad load;

  Chunks(StagedLoad load) {
    this.load = load;
  }

  /** What is done to a range. */
  interface Step {

    /** Before the transaction, and again if that fails. */
    default void before(long chunk, boolean last) {}

    /**
     * Within the transaction.
     *
     * @return false if there is more to do to the range, in another transaction
     */
    boolean in(Session session, long chunk, boolean last) throws SQLException;
  }

  /** Whether a phase is over. */
  boolean isDone(int phase) {
    return progress() >= (phase + 1) * PHASE;
  }

  /** Whether something of a phase is done. */
  boolean isBegun(int phase) {
    return progress() > phase * PHASE;
  }

  private long progress() {
    return load.sessions()
        .call(
            load.doing(),
            session ->
                Registry.find(session, load.names().digest())
                    .map(Entry::progress)
                    .orElseThrow(() -> new SQLException("the registry lost " + load.id().name())));
  }

  /**
   * Does a phase, as far as it isn't done.
   *
   * @param cut the table that the ranges are of
   * @param condition on rows {@code s} of it, see {@link KeyRanges#cut}
   */
  void run(int phase, KeyRanges ranges, TableInfo cut, String condition, Step step) {
    long start = phase * PHASE;
    long progress = progress();
    if (progress >= start + PHASE) {
      return;
    }
    Sessions sessions = load.sessions();
    int rows = sessions.database().rowsOfTransaction();
    long first = progress - start;
    sessions.run(load.doing(), session -> ranges.create(session, cut));
    boolean ended =
        first > 0 && !sessions.call(load.doing(), session -> ranges.exists(session, first));
    long chunk = first;
    while (!ended) {
      long current = chunk;
      boolean last =
          !sessions.call(load.doing(), session -> ranges.cut(session, current, rows, condition));
      step.before(current, last);
      boolean done;
      do {
        done = sessions.call(load.doing(), session -> once(session, start, current, last, step));
      } while (!done);
      chunk++;
      ended = last;
    }
    end(phase, chunk);
  }

  private boolean once(Session session, long start, long chunk, boolean last, Step step)
      throws SQLException {
    boolean[] done = new boolean[1];
    session.atomically(
        () -> {
          // First, so that nobody else is at work on the range.
          if (!Registry.advance(session, load.names().digest(), start + chunk, start + chunk + 1)) {
            done[0] = true;
            return;
          }
          done[0] = step.in(session, chunk, last);
          if (!done[0]) {
            Registry.advance(session, load.names().digest(), start + chunk + 1, start + chunk);
          }
        });
    return done[0];
  }

  /** Notes that a phase is over. */
  private void end(int phase, long chunks) {
    load.sessions()
        .run(
            load.doing(),
            session ->
                Registry.advance(
                    session, load.names().digest(), phase * PHASE + chunks, (phase + 1) * PHASE));
  }

  /** Passes over a phase that has nothing to do. */
  void skip(int phase) {
    if (progress() == phase * PHASE) {
      end(phase, 0);
    }
  }
}
