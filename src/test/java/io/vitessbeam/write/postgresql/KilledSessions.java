package io.vitessbeam.write.postgresql;

import io.vitessbeam.testing.SentStatements;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Ends all sessions of loads before a statement of theirs, as the death of their JVM does. Signs of
 * life are not counted: when they come is a matter of time.
 */
final class KilledSessions implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final int last;
  private final Predicate<String> counted;
  private final List<String> statements = new ArrayList<>();
  private final SentStatements sent;

  /**
   * @param last number of statements that pass
   */
  KilledSessions(int last) {
    this(last, any -> true);
  }

  /**
   * @param last number of statements that pass of those that are counted
   */
  KilledSessions(int last, Predicate<String> counted) {
    this.last = last;
    this.counted = counted;
    this.sent = SentStatements.toServers(this::see);
  }

  private synchronized void see(String statement) {
    if (Thread.currentThread().getName().equals("vitess-beam-heartbeat")
        || !counted.test(statement)) {
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
      TestSchema server = new TestSchema();
      // The server's own waiting looks every 100 ms for each of them.
      List<String> killed =
          server.query(
              "SELECT pid, pg_terminate_backend(pid) FROM pg_stat_activity"
                  + " WHERE application_name = 'vitess-beam'");
      Instant deadline = Instant.now().plus(PATIENCE);
      while (!killed.isEmpty()
          && server
                  .query(
                      "SELECT pg_sleep(0.001) FROM pg_stat_activity WHERE pid IN ("
                          + String.join(", ", killed)
                          + ")")
                  .size()
              > 0) {
        if (Instant.now().isAfter(deadline)) {
          throw new IllegalStateException("Sessions do not end: " + killed);
        }
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** All statements that were to be sent. */
  List<String> statements() {
    return List.copyOf(statements);
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
