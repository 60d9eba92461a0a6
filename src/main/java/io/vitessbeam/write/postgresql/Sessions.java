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
final class Sessions {

  private final PostgresqlUri uri;
  private final Deque<Session> idle = new ArrayDeque<>();
  private final Set<Session> busy = new HashSet<>();
  private boolean aborted;

  Sessions(PostgresqlUri uri) {
    this.uri = uri;
  }

  /** A session for the calling thread, to be given back or discarded. */
  Session borrow() {
    synchronized (this) {
      Session session = idle.poll();
      if (session != null) {
        busy.add(session);
        return session;
      }
    }
    Session opened = Session.open(uri);
    synchronized (this) {
      if (!aborted) {
        busy.add(opened);
        return opened;
      }
    }
    opened.close();
    throw new IllegalStateException("The load was given up");
  }

  synchronized void giveBack(Session session) {
    busy.remove(session);
    idle.push(session);
  }

  /** Closes a session that failed. */
  void discard(Session session) {
    synchronized (this) {
      busy.remove(session);
    }
    session.close();
  }

  /** Closes the sessions that nobody has. */
  synchronized void closeIdle() {
    idle.forEach(Session::close);
    idle.clear();
  }

  /** Breaks all sessions, for good. */
  synchronized void abort() {
    aborted = true;
    closeIdle();
    busy.forEach(Session::abort);
  }
}
