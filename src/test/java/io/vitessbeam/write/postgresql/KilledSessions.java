package io.vitessbeam.write.postgresql;

import io.vitessbeam.testing.SentStatements;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Ends all sessions of loads before a statement of theirs, as the death of their JVM does. Signs of
 * life are not counted: when they come is a matter of time.
 */
final class KilledSessions implements AutoCloseable {

  private final int last;
  private final List<String> statements = new ArrayList<>();
  private final SentStatements sent;

  /**
   * @param last number of statements that pass
   */
  KilledSessions(int last) {
    this.last = last;
    this.sent = SentStatements.toServers(this::see);
  }

  private synchronized void see(String statement) {
    if (Thread.currentThread().getName().equals("vitess-beam-heartbeat")) {
      return;
    }
    statements.add(statement);
    if (statements.size() == last + 1) {
      killAll();
    }
  }

  /** Ends the sessions, and waits until they have ended. */
  static void killAll() {
    try {
      new TestSchema()
          .execute(
              "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
                  + " WHERE application_name = 'vitess-beam'");
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Whether there were more statements than could pass. */
  boolean hasKilled() {
    return statements.size() > last;
  }

  /** The one that did not pass. */
  String next() {
    return hasKilled() ? statements.get(last) : "";
  }

  @Override
  public void close() {
    sent.close();
  }
}
