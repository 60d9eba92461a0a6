package io.vitessbeam.write.mysql;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.LoggerFactory;

/**
 * Sees every statement of this thread's loads before it is sent, and can let nothing pass from one
 * on, as if the JVM had died there.
 */
final class SqlLog implements AutoCloseable {

  /** Nothing catches it, as nothing sees a kill. */
  static final class Killed extends Error {
    private static final long serialVersionUID = 1L;
  }

  private static final Logger LOGGER = (Logger) LoggerFactory.getLogger("io.vitessbeam.sql");

  /** Logs that are open, of any thread. */
  private static int open;

  private final List<String> statements = new CopyOnWriteArrayList<>();
  private final Thread thread = Thread.currentThread();
  private final Appender<ILoggingEvent> appender;

  /**
   * @param last number of statements that pass
   */
  SqlLog(int last) {
    this.appender =
        new UnsynchronizedAppenderBase<>() {
          @Override
          public void doAppend(ILoggingEvent event) {
            if (Thread.currentThread() != thread) {
              return;
            }
            if (statements.size() >= last) {
              throw new Killed();
            }
            statements.add(event.getFormattedMessage());
          }

          @Override
          protected void append(ILoggingEvent event) {}
        };
    appender.start();
    synchronized (LOGGER) {
      open++;
      LOGGER.setLevel(Level.DEBUG);
      LOGGER.setAdditive(false);
      LOGGER.addAppender(appender);
    }
  }

  List<String> statements() {
    return statements;
  }

  @Override
  public void close() {
    synchronized (LOGGER) {
      LOGGER.detachAppender(appender);
      open--;
      if (open == 0) {
        LOGGER.setAdditive(true);
        LOGGER.setLevel(null);
      }
    }
  }
}
