package io.vitessbeam.write.mysql.publish;

import io.vitessbeam.DataException;
import io.vitessbeam.write.mysql.LoadNames;
import io.vitessbeam.write.mysql.MysqlSession;
import io.vitessbeam.write.mysql.Registry;
import io.vitessbeam.write.mysql.Registry.State;
import io.vitessbeam.write.mysql.Server;
import io.vitessbeam.write.mysql.ServerSessions;
import io.vitessbeam.write.mysql.TableInfo;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Publishes range by range, each in one transaction that notes in the registry that it is done: so
 * a publication goes on where an earlier try of it ended. The registry's progress is the phase and
 * the number of ranges of it that are done.
 */
record Chunks(StagedLoad load) {

  private static final long PHASE = 1L << 40;

  /** What is done to a range. */
  interface Step {

    /** Before the first range, and again if the server has lost that range. */
    default void begin(MysqlSession session) throws SQLException {}

    /** Before the transaction, and again if that fails. */
    default void before(long chunk, boolean last) {}

    /**
     * Within the transaction.
     *
     * @return false if there is more to do to the range, in another transaction
     */
    boolean in(MysqlSession session, long chunk, boolean last) throws SQLException;
  }

  /** What is done to the staged rows of a range of keys, within the transaction. */
  interface KeysStep {
    /** Given the rows {@code s}, no two of the same key, as what stands after FROM or UPDATE. */
    void in(MysqlSession session, String staged) throws SQLException;
  }

  /** Whether a phase is over, as the session's server knows it. */
  boolean isDone(MysqlSession session, int phase) throws SQLException {
    return Registry.progress(session, load.names().digest()).orElse(0) >= (phase + 1) * PHASE;
  }

  /** Whether something of a phase is done. */
  boolean isBegun(int phase) {
    return progress() > phase * PHASE;
  }

  /**
   * Passes if a phase is over at the session's server.
   *
   * @throws DataException if the server has lost it
   */
  void requireDone(MysqlSession session, int phase) throws SQLException {
    if (!isDone(session, phase)) {
      throw AppendedRows.lost(load.id());
    }
  }

  private long progress() {
    return load.sessions().call(load.doing(), this::progress);
  }

  private long progress(MysqlSession session) throws SQLException {
    return Registry.progress(session, load.names().digest())
        .orElseThrow(() -> AppendedRows.lost(load.id()));
  }

  /** Does a phase on the staged rows by their keys; of those of one key the last is left. */
  void runByKeys(int phase, KeysStep step) {
    runByKeys(phase, session -> {}, step);
  }

  /**
   * @param begin is done before the first range, and again if the server has lost that range
   */
  void runByKeys(int phase, ServerSessions.Action begin, KeysStep step) {
    KeyRanges ranges = load.keyRanges();
    run(
        phase,
        ranges,
        load.staging(),
        "",
        new Step() {
          @Override
          public void begin(MysqlSession session) throws SQLException {
            begin.in(session);
          }

          @Override
          public void before(long chunk, boolean last) {
            load.duplicates().delete(load.sessions(), load.doing(), ranges.rows("s", chunk, last));
          }

          @Override
          public boolean in(MysqlSession session, long chunk, boolean last) throws SQLException {
            step.in(session, ranges.rows("s", chunk, last));
            return true;
          }
        });
  }

  /**
   * Does a phase, as far as it isn't done.
   *
   * @param cut the table that the ranges are of
   * @param condition on rows {@code s} of it, see {@link KeyRanges#cut}
   */
  void run(int phase, KeyRanges ranges, TableInfo cut, String condition, Step step) {
    KeyRanges.Piece piece = piece(ranges, cut);
    long start = phase * PHASE;
    long before = Long.MAX_VALUE;
    long progress = progress();
    while (progress < start + PHASE) {
      if (progress < start) {
        throw AppendedRows.lost(load.id());
      }
      if (progress < before) {
        // The first time, or the server has lost some ranges and maybe these tables too.
        load.sessions()
            .run(
                load.doing(),
                session -> {
                  ranges.create(session, cut);
                  step.begin(session);
                });
      }
      before = progress;
      progress = next(phase, progress - start, ranges, piece, condition, step);
    }
  }

  private KeyRanges.Piece piece(KeyRanges ranges, TableInfo cut) {
    Server.Database database = load.sessions().database();
    boolean sized = cut.column(LoadNames.BYTES).isPresent();
    int rows = sized ? database.rowsOfTransaction() : load.rowsOfTransaction(ranges.table());
    return new KeyRanges.Piece(rows, database.bytesOfTransaction(), sized);
  }

  /**
   * Does a range, or ends the phase if none is left. Gives what the registry's progress is then:
   * less than before where a replica has taken the place of a dead primary without the last
   * transactions of that, which then are done again.
   */
  private long next(
      int phase, long chunk, KeyRanges ranges, KeyRanges.Piece piece, String condition, Step step) {
    ServerSessions sessions = load.sessions();
    long there = progress();
    if (there != phase * PHASE + chunk) {
      return there;
    }
    if (chunk > 0 && !sessions.call(load.doing(), session -> ranges.exists(session, chunk))) {
      return end(phase, chunk);
    }
    boolean last =
        !sessions.call(load.doing(), session -> ranges.cut(session, chunk, piece, condition));
    step.before(chunk, last);
    return sessions.call(load.doing(), session -> once(session, phase * PHASE, chunk, last, step));
  }

  private long once(MysqlSession session, long start, long chunk, boolean last, Step step)
      throws SQLException {
    AtomicLong progress = new AtomicLong(start + chunk + 1);
    String digest = load.names().digest();
    session.atomically(
        () -> {
          // First, so that nobody else is at work on the range.
          if (!Registry.advance(
              session, digest, State.PUBLISHING, start + chunk, start + chunk + 1)) {
            progress.set(progress(session));
          } else if (!step.in(session, chunk, last)) {
            Registry.advance(session, digest, State.PUBLISHING, start + chunk + 1, start + chunk);
            progress.set(start + chunk);
          }
        });
    return progress.get();
  }

  /** Notes that a phase is over, and gives what the registry's progress is then. */
  private long end(int phase, long chunks) {
    String digest = load.names().digest();
    return load.sessions()
        .call(
            load.doing(),
            session -> {
              Registry.advance(
                  session, digest, State.PUBLISHING, phase * PHASE + chunks, (phase + 1) * PHASE);
              return progress(session);
            });
  }

  /** Passes over a phase that has nothing to do. */
  void skip(int phase) {
    if (progress() == phase * PHASE) {
      end(phase, 0);
    }
  }
}
