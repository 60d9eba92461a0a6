package io.vitessbeam.write.postgresql;

import io.vitessbeam.connect.PostgresqlUri;
import java.sql.SQLException;

/**
 * Shows others that a load goes on: an advisory lock that the load's JVMs share, and that the
 * server takes from them when they die. Whoever gets it alone may drop what the load has staged.
 *
 * <p>It is the lock of a transaction that does nothing else, which holds up no vacuum and which a
 * pooler leaves to its session. For one thread at a time.
 */
final class SignOfLife implements AutoCloseable {

  /** A JVM that staged and does not publish, as of a cluster, is not told that others did. */
  private static final long REST_MILLIS = 3_600_000;

  private final Session session;

  private SignOfLife(Session session) {
    this.session = session;
  }

  static SignOfLife show(PostgresqlUri uri, Digest load) throws SQLException {
    Session session = Session.open(uri);
    try {
      session.begin(Session.Purpose.STAGING);
      session.execute("SELECT pg_advisory_xact_lock_shared(" + load.value() + ")");
      return new SignOfLife(session);
    } catch (SQLException e) {
      session.close();
      throw e;
    }
  }

  /** Takes the right to drop what a load has staged, for this transaction, if nobody is alive. */
  static boolean isGone(Session session, Digest load) throws SQLException {
    return session.holds("SELECT pg_try_advisory_xact_lock(" + load.value() + ")");
  }

  /** Nobody works on the load now; if nobody does for an hour, the server ends the session. */
  void rest() throws SQLException {
    timeout(REST_MILLIS);
  }

  /** Somebody works on it again. Fails if the session has ended. */
  void wake() throws SQLException {
    timeout(0);
  }

  private void timeout(long millis) throws SQLException {
    session.execute(
        "SELECT set_config('idle_in_transaction_session_timeout', '" + millis + "', true)");
  }

  @Override
  public void close() {
    session.close();
  }
}
