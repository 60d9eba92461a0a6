package io.vitessbeam.write.postgresql;

import io.vitessbeam.connect.PostgresqlUri;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows others that loads of a run go on: for each an advisory lock that the run's JVMs share, and
 * that the server takes from them when they die. Whoever gets it alone may drop what the load has
 * staged. One session for all of them, since a run may have more tables than a server has sessions.
 *
 * <p>They are locks of a transaction that does nothing else, which holds up no vacuum and which a
 * pooler leaves to its session. Safe for threads.
 */
final class SignOfLife {

  private static final Logger LOG = LoggerFactory.getLogger(SignOfLife.class);

  /** A JVM that staged and does not publish, as of a cluster, is not told that others did. */
  private static final long REST_MILLIS = 3_600_000;

  private final PostgresqlUri uri;
  private final Set<Digest> shown = new HashSet<>();
  private final Set<Digest> working = new HashSet<>();

  /** Null before the first load is shown, and after the server has ended it. */
  private Session session;

  SignOfLife(PostgresqlUri uri) {
    this.uri = uri;
  }

  /** Takes the right to drop what a load has staged, for this transaction, if nobody is alive. */
  static boolean isGone(Session session, Digest load) throws SQLException {
    return session.holds("SELECT pg_try_advisory_xact_lock(" + load.value() + ")");
  }

  /** Shows a load from now on. */
  synchronized void show(Digest load) throws SQLException {
    working.add(load);
    boolean isNew = shown.add(load);
    if (session == null) {
      open();
    } else if (isNew) {
      lock(load);
    }
  }

  private void open() throws SQLException {
    session = Session.open(uri);
    try {
      session.begin(Session.Purpose.STAGING);
      for (Digest load : shown) {
        lock(load);
      }
    } catch (SQLException e) {
      close();
      throw e;
    }
  }

  private void lock(Digest load) throws SQLException {
    session.execute("SELECT pg_advisory_xact_lock_shared(" + load.value() + ")");
  }

  synchronized boolean isShown(Digest load) {
    return shown.contains(load);
  }

  /** Nobody works on a load now; if nobody does on any for an hour, the server ends the session. */
  synchronized void rest(Digest load) {
    if (working.remove(load) && working.isEmpty()) {
      timeout(REST_MILLIS);
    }
  }

  /** Somebody works on a load again. */
  synchronized void wake(Digest load) {
    if (shown.contains(load) && working.isEmpty()) {
      timeout(0);
    }
    if (shown.contains(load)) {
      working.add(load);
    }
  }

  private void timeout(long millis) {
    if (session == null) {
      return;
    }
    try {
      session.execute(
          "SELECT set_config('idle_in_transaction_session_timeout', '" + millis + "', true)");
    } catch (SQLException e) {
      LOG.debug("The session that shows that loads are alive is gone", e);
      close();
    }
  }

  /** A load is over. */
  synchronized void end(Digest load) {
    shown.remove(load);
    working.remove(load);
    if (shown.isEmpty()) {
      close();
    } else if (working.isEmpty()) {
      timeout(REST_MILLIS);
    }
  }

  private void close() {
    if (session != null) {
      session.close();
      session = null;
    }
  }
}
