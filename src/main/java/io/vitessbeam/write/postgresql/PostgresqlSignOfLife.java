package io.vitessbeam.write.postgresql;

import io.vitessbeam.VitessBeamException;
import io.vitessbeam.connect.PostgresqlUri;
import io.vitessbeam.write.load.Digest;
import io.vitessbeam.write.load.Doubts;
import io.vitessbeam.write.load.Heartbeat;
import io.vitessbeam.write.load.LoadTimings;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows others that loads of this JVM into a database go on: for each an advisory lock that the
 * JVMs of its run share, and that the server takes from them when they die. Whoever can get it
 * alone for a while may drop what the load has staged; not at once, since a session that was ended
 * shows its loads again in a moment. One session for all of them, since a run may have more tables
 * than a server has sessions.
 *
 * <p>They are locks of a transaction that does nothing else, which holds up no vacuum and which a
 * pooler leaves to its session. Safe for threads.
 */
final class PostgresqlSignOfLife {

  private static final Logger LOG = LoggerFactory.getLogger(PostgresqlSignOfLife.class);

  /** So that the server soon hears of a machine that is gone, and lets go its locks. */
  private static final String KEEPALIVE =
      "SELECT set_config('tcp_keepalives_idle', '30', true),"
          + " set_config('tcp_keepalives_interval', '10', true),"
          + " set_config('tcp_keepalives_count', '3', true)";

  private final PostgresqlUri uri;
  private final Set<Digest> shown = new HashSet<>();
  private final Heartbeat beats;
  private final Doubts doubts;

  /** Null before the first load is shown, and after it broke. */
  private PostgresqlSession session;

  PostgresqlSignOfLife(PostgresqlUri uri, LoadTimings timings) {
    this.uri = uri;
    this.beats = new Heartbeat(timings.sign(), this::beat);
    this.doubts = new Doubts(timings.doubt());
  }

  /**
   * Takes the right to drop what a load has staged, for this transaction, if it is dead. Of one
   * that may be, {@link #isInDoubt} says so.
   */
  boolean isDead(PostgresqlSession session, Digest load) throws SQLException {
    if (session.holds("SELECT pg_try_advisory_xact_lock(" + load.value() + ")")) {
      return doubts.isDead(load.toString(), "");
    }
    doubts.end(load.toString());
    return false;
  }

  boolean isInDoubt(Digest load) {
    return doubts.has(load.toString());
  }

  /** Nothing is left of a load. */
  void swept(Digest load) {
    doubts.end(load.toString());
  }

  /** Shows a load from now on, if need be by a new session. */
  synchronized void show(Digest load) throws SQLException {
    shown.add(load);
    if (session == null || !isLocked(load)) {
      open();
    }
    beats.start();
  }

  /** Shows the loads again if the server has ended the session. */
  synchronized void beat() {
    if (shown.isEmpty()) {
      return;
    }
    try {
      if (session == null || !isLocked(shown.iterator().next())) {
        open();
      }
    } catch (SQLException | VitessBeamException e) {
      // It is tried again in a moment; whoever works on the loads hears of it too.
      LOG.debug("Loads into {} can't be shown to be alive", uri, e);
    }
  }

  private void open() throws SQLException {
    session = PostgresqlSession.quick(uri);
    try {
      session.begin(PostgresqlSession.Purpose.STAGING);
      session.execute(KEEPALIVE);
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
      beats.stop();
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
