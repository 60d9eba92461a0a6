package io.vitessbeam.write.postgresql;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.LoggerFactory;

/** Ends all sessions of loads before a statement of theirs, as the death of their JVM does. */
final class KilledSessions implements AutoCloseable {

  private final int last;
  private final List<String> statements = new ArrayList<>();
  private final Logger log = (Logger) LoggerFactory.getLogger("io.vitessbeam.sql");
  private final AppenderBase<ILoggingEvent> appender =
      new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
          statements.add(event.getFormattedMessage());
          if (statements.size() == last + 1) {
            killAll();
          }
        }
      };

  /**
   * @param last number of statements that pass
   */
  KilledSessions(int last) {
    this.last = last;
    appender.start();
    log.addAppender(appender);
    log.setLevel(Level.DEBUG);
    log.setAdditive(false);
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
    log.detachAppender(appender);
    log.setLevel(null);
    log.setAdditive(true);
  }
}
