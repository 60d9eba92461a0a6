package io.vitessbeam.write.postgresql;

import io.vitessbeam.connect.PostgresqlUri;
import io.vitessbeam.write.load.Digest;
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

  private final PostgresqlUri uri;
  private final Set<Digest> shown = new HashSet<>();

  /** Null before the first load is shown, and after it broke. */
  private Session session;

  SignOfLife(PostgresqlUri uri) {
    this.uri = uri;
  }

  /** Takes the right to drop what a load has staged, for this transaction, if nobody is alive. */
  static boolean isGone(Session session, Digest load) throws SQLException {
    return session.holds("SELECT pg_try_advisory_xact_lock(" + load.value() + ")");
  }

  /** Shows a load from now on, if need be by a new session. */
  synchronized void show(Digest load) throws SQLException {
    shown.add(load);
    if (session == null || !isLocked(load)) {
      open();
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

  /** False if the server has ended the session; a lock is taken any number of times. */
  private boolean isLocked(Digest load) {
    try {
      lock(load);
      return true;
    } catch (SQLException e) {
      LOG.debug("The session that shows that loads are alive is gone", e);
      close();
      return false;
    }
  }

  private void lock(Digest load) throws SQLException {
    session.execute("SELECT pg_advisory_xact_lock_shared(" + load.value() + ")");
  }

  synchronized boolean isShown(Digest load) {
    return shown.contains(load);
  }

  /** A load is over, or left to others. */
  synchronized void end(Digest load) {
    shown.remove(load);
    if (shown.isEmpty()) {
      close();
    }
  }

  private void close() {
    if (session != null) {
      session.close();
      session = null;
    }
  }
}
