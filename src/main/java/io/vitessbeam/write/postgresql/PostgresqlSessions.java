package io.vitessbeam.write.postgresql;

import io.vitessbeam.connect.PostgresqlUri;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;

/**
 * The sessions by which a load stages: as many as threads that stage at the same time. Safe for
 * threads.
 */
final class PostgresqlSessions {

  private final PostgresqlUri uri;
  private final Deque<PostgresqlSession> idle = new ArrayDeque<>();
  private final Set<PostgresqlSession> busy = new HashSet<>();
  private boolean aborted;

  PostgresqlSessions(PostgresqlUri uri) {
    this.uri = uri;
  }

  /** A session for the calling thread, to be given back or discarded. */
  PostgresqlSession borrow() {
    synchronized (this) {
      PostgresqlSession session = idle.poll();
      if (session != null) {
        busy.add(session);
        return session;
      }
    }
    PostgresqlSession opened = PostgresqlSession.open(uri);
    synchronized (this) {
      if (!aborted) {
        busy.add(opened);
        return opened;
      }
    }
    opened.close();
    throw new IllegalStateException("The load was given up");
  }

  synchronized void giveBack(PostgresqlSession session) {
    busy.remove(session);
    idle.push(session);
  }

  /** Closes a session that failed. */
  void discard(PostgresqlSession session) {
    synchronized (this) {
      busy.remove(session);
    }
    session.close();
  }

  /** Closes the sessions that nobody has. */
  synchronized void closeIdle() {
    idle.forEach(PostgresqlSession::close);
    idle.clear();
  }

  /** Breaks all sessions, for good. */
  synchronized void abort() {
    aborted = true;
    closeIdle();
    busy.forEach(PostgresqlSession::abort);
  }
}
