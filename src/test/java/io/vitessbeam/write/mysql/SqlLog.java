package io.vitessbeam.write.mysql;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.LoggerFactory;

/**
 * Sees every statement of this thread's loads before it is sent, can let nothing pass from one on,
 * as if the JVM had died there, and can do something before one is sent.
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
    this(last, statement -> {});
  }

  /**
   * @param before is done before a statement is sent
   */
  SqlLog(Consumer<String> before) {
    this(Integer.MAX_VALUE, before);
  }

  private SqlLog(int last, Consumer<String> before) {
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
            before.accept(event.getFormattedMessage());
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
