package io.vitessbeam.write.mysql;

import io.vitessbeam.read.Retry;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Semaphore;

/**
 * The sessions of a load, a few, opened as they are needed. Runs pieces of work, again when they
 * fail for a reason that may pass: each has to find out by itself whether an earlier try, whose
 * commit nobody heard of, did it. For any number of threads, which wait for each other.
 */
public final class ServerSessions implements AutoCloseable {

  /** Four fill a tablet of two cores; pools of production's tablets have room for 20. */
  static final int MOST = 4;

  private final Server.Database database;
  private final Duration patience;
  private final Semaphore free = new Semaphore(MOST);
  private final Deque<MysqlSession> idle = new ArrayDeque<>();

  ServerSessions(Server.Database database, Duration patience) {
    this.database = database;
    this.patience = patience;
  }

  /** Work in a session. */
  public interface Work<T> {
    T in(MysqlSession session) throws SQLException;
  }

  /** Work in a session that gives nothing. */
  public interface Action {
    void in(MysqlSession session) throws SQLException;
  }

  public Server.Database database() {
    return database;
  }

  public void run(String doing, Action action) {
    call(
        doing,
        session -> {
          action.in(session);
          return null;
        });
  }

  /** The rows of a query that may read whole tables, however long that takes, and gives few. */
  public List<List<String>> read(String doing, String sql) {
    return call(
        doing,
        session -> {
          try (Connection reader = database.reader()) {
            return MysqlSql.rows(reader, sql);
          }
        });
  }

  /**
   * Does some work, as often as it takes.
   *
   * @param doing what it does, for messages
   */
  public <T> T call(String doing, Work<T> work) {
    free.acquireUninterruptibly();
    try {
      return Retry.patiently(doing, patience, () -> once(doing, work));
    } finally {
      free.release();
    }
  }

  private <T> T once(String doing, Work<T> work) {
    MysqlSession session = take();
    boolean whole = false;
    try {
      T result = work.in(session);
      whole = true;
      return result;
    } catch (SQLException e) {
      throw MysqlFailures.of(doing, e);
    } finally {
      giveBack(session, whole);
    }
  }

  private MysqlSession take() {
    synchronized (this) {
      if (!idle.isEmpty()) {
        return idle.pop();
      }
    }
    return new MysqlSession(database.writer());
  }

  private void giveBack(MysqlSession session, boolean whole) {
    if (whole && !session.isForgotten()) {
      synchronized (this) {
        idle.push(session);
      }
      return;
    }
    // Its transaction may be open: the server rolls it back with the connection.
    session.abandon();
  }

  /** Closes the sessions that nobody uses; others are opened when they are needed. */
  @Override
  public void close() {
    Deque<MysqlSession> closing;
    synchronized (this) {
      closing = new ArrayDeque<>(idle);
      idle.clear();
    }
    closing.forEach(MysqlSession::close);
  }
}
