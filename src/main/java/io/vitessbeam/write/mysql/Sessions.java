package io.vitessbeam.write.mysql;

import io.vitessbeam.TransientException;
import io.vitessbeam.read.Retry;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Semaphore;

/**
 * The sessions of a load, a few, opened as they are needed. Runs pieces of work, again when they
 * fail for a reason that may pass: each has to find out by itself whether an earlier try, whose
 * commit nobody heard of, did it. For any number of threads, which wait for each other.
 */
final class Sessions implements AutoCloseable {

  /** Four fill a tablet of two cores; pools of production's tablets have room for 20. */
  static final int MOST = 4;

  private final Server.Database database;
  private final Duration patience;
  private final Semaphore free = new Semaphore(MOST);
  private final Deque<Session> idle = new ArrayDeque<>();
  private final Set<Session> used = new HashSet<>();

  Sessions(Server.Database database, Duration patience) {
    this.database = database;
    this.patience = patience;
  }

  /** Work in a session. */
  interface Work<T> {
    T in(Session session) throws SQLException;
  }

  /** Work in a session that gives nothing. */
  interface Action {
    void in(Session session) throws SQLException;
  }

  Server.Database database() {
    return database;
  }

  void run(String doing, Action action) {
    call(
        doing,
        session -> {
          action.in(session);
          return null;
        });
  }

  /**
   * Does some work, as often as it takes.
   *
   * @param doing what it does, for messages
   */
  <T> T call(String doing, Work<T> work) {
    free.acquireUninterruptibly();
    try {
      Retry retry = new Retry(patience);
      while (true) {
        try {
          return once(doing, work);
        } catch (TransientException e) {
          retry.awaitNext(e);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(doing + " was interrupted", e);
    } finally {
      free.release();
    }
  }

  private <T> T once(String doing, Work<T> work) {
    Session session = take();
    boolean whole = false;
    try {
      T result = work.in(session);
      whole = true;
      return result;
    } catch (SQLException e) {
      throw Failures.of(doing, e);
    } finally {
      giveBack(session, whole);
    }
  }

  private Session take() {
    synchronized (this) {
      if (!idle.isEmpty()) {
        Session session = idle.pop();
        used.add(session);
        return session;
      }
    }
    Session session = new Session(database.writer());
    synchronized (this) {
      used.add(session);
    }
    return session;
  }

  private void giveBack(Session session, boolean whole) {
    synchronized (this) {
      used.remove(session);
      if (whole && !session.isForgotten()) {
        idle.push(session);
        return;
      }
    }
    // Its transaction may be open: the server rolls it back with the connection.
    session.abandon();
  }

  /** Closes the sessions that nobody uses; others are opened when they are needed. */
  @Override
  public void close() {
    Deque<Session> closing;
    synchronized (this) {
      closing = new ArrayDeque<>(idle);
      idle.clear();
    }
    closing.forEach(Session::close);
  }

  /** Breaks all sessions, those at work too; the server rolls back what they had not committed. */
  synchronized void abandon() {
    used.forEach(Session::abandon);
    idle.forEach(Session::abandon);
    idle.clear();
  }
}
