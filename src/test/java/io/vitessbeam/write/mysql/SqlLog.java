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
 * Sees every statement of the loads of this JVM before it is sent, and can let nothing pass from
 * one on, as if the JVM had died there.
 */
final class SqlLog implements AutoCloseable {

  /** Nothing catches it, as nothing sees a kill. */
  static final class Killed extends Error {
    private static final long serialVersionUID = 1L;
  }

  private final List<String> statements = new CopyOnWriteArrayList<>();
  private final Logger logger = (Logger) LoggerFactory.getLogger("io.vitessbeam.sql");
  private final Level level = logger.getLevel();
  private final Appender<ILoggingEvent> appender;

  /**
   * @param last number of statements that pass
   */
  SqlLog(int last) {
    this.appender =
        new UnsynchronizedAppenderBase<>() {
          @Override
          public void doAppend(ILoggingEvent event) {
            if (statements.size() >= last) {
              throw new Killed();
            }
            statements.add(event.getFormattedMessage());
          }

          @Override
          protected void append(ILoggingEvent event) {}
        };
    appender.start();
    logger.setLevel(Level.DEBUG);
    logger.setAdditive(false);
    logger.addAppender(appender);
  }

  List<String> statements() {
    return statements;
  }

  @Override
  public void close() {
    logger.detachAppender(appender);
    logger.setAdditive(true);
    logger.setLevel(level);
  }
}
