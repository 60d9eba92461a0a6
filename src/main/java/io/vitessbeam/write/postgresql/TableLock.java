package io.vitessbeam.write.postgresql;

import io.vitessbeam.write.TargetTable;
import io.vitessbeam.write.load.Digest;
import io.vitessbeam.write.load.LoadTimings;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a transaction has of a table for itself. Whoever has it is waited for in short turns, and
 * that is said: a request that waits in the server's queue is seen nowhere, and holds up all who
 * come after it, also those who only read.
 */
record TableLock(PostgresqlSession session, TargetTable table, LoadTimings timings) {

  private static final Logger LOG = LoggerFactory.getLogger(TableLock.class);

  /** SQLSTATE lock_not_available. */
  private static final String NOT_AVAILABLE = "55P03";

  /** Readers wait no longer, and queries that are shorter are waited for. */
  private static final String TURN = "SELECT set_config('lock_timeout', '1000', true)";

  private static final String NO_TURN = "SELECT set_config('lock_timeout', '0', true)";

  private static final Duration SAID_EVERY = Duration.ofMinutes(1);

  /** A try. */
  private interface Turn {
    boolean succeeds() throws SQLException;
  }

  /** Waits until nobody else publishes the table, up to the end of the transaction. */
  void publish() throws SQLException {
    long lock = Digest.of("target", table.schema(), table.table()).value();
    String request = "SELECT pg_try_advisory_xact_lock(" + lock + ") AS publishes";
    await("is being published by another load", () -> session.holds(request));
  }

  /** Waits until nobody else reads or writes the table, up to the end of the transaction. */
  void take() throws SQLException {
    await("is in use", this::takes);
  }

  private boolean takes() throws SQLException {
    session.execute("SAVEPOINT turn");
    session.execute(TURN);
    try {
      session.execute("LOCK TABLE " + PostgresqlSql.quoted(table) + " IN ACCESS EXCLUSIVE MODE");
    } catch (SQLException e) {
      if (!NOT_AVAILABLE.equals(e.getSQLState())) {
        throw e;
      }
      session.execute("ROLLBACK TO SAVEPOINT turn");
      return false;
    }
    session.execute(NO_TURN);
    session.execute("RELEASE SAVEPOINT turn");
    return true;
  }

  private void await(String why, Turn turn) throws SQLException {
    long began = System.nanoTime();
    long said = began - SAID_EVERY.toNanos();
    while (!turn.succeeds()) {
      long now = System.nanoTime();
      if (now - began >= timings.others().toNanos()) {
        throw new SQLTimeoutException(
            "table %s %s%s for %d s: end these sessions (pg_terminate_backend), or run again later"
                .formatted(table, why, holders(), timings.others().toSeconds()),
            NOT_AVAILABLE);
      }
      if (now - said >= SAID_EVERY.toNanos()) {
        LOG.info("Table {} {}{}: waiting until it is free", table, why, holders());
        said = now;
      }
      sleep();
    }
  }

  /** The sessions that have a lock of the table itself. */
  private String holders() throws SQLException {
    List<String> sessions =
        session.column(
            "SELECT DISTINCT a.pid || ' (' || coalesce(nullif(a.application_name, ''), a.usename)"
                + " || ', ' || coalesce(a.state, '') || ')' FROM pg_catalog.pg_locks l"
                + " JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid"
                + " WHERE l.granted AND l.pid <> pg_backend_pid() AND l.relation = to_regclass("
                + PostgresqlSql.literal(PostgresqlSql.quoted(table))
                + ")");
    return sessions.isEmpty() ? "" : " by session " + String.join(", ", sessions);
  }

  private void sleep() {
    try {
      Thread.sleep(timings.poll().toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Waiting for " + table + " was interrupted", e);
    }
  }
}
