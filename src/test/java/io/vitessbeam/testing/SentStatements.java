package io.vitessbeam.testing;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.slf4j.LoggerFactory;

/**
 * Does something before each statement that a load sends, which is when it is logged: in the thread
 * that sends it, which what is thrown there keeps from sending it. Threads do not wait for each
 * other. Several of these may be open at the same time.
 */
public final class SentStatements implements AutoCloseable {

  /** The log of the statements for servers. */
  private static final String SERVERS = "io.vitessbeam.sql";

  /** How many are open, by their logs. */
  private static final Map<Logger, Integer> OPEN = new HashMap<>();

  private final Logger log;
  private final Appender<ILoggingEvent> appender;

  private SentStatements(String log, Consumer<String> before) {
    this.log = (Logger) LoggerFactory.getLogger(log);
    this.appender =
        new UnsynchronizedAppenderBase<>() {
          /** The one of the superclass catches what is thrown, and sees nothing that is nested. */
          @Override
          public void doAppend(ILoggingEvent event) {
            before.accept(event.getFormattedMessage());
          }

          @Override
          protected void append(ILoggingEvent event) {}
        };
    appender.start();
    open();
  }

  /** Those for Vitess, MySQL and PostgreSQL. */
  public static SentStatements toServers(Consumer<String> before) {
    return new SentStatements(SERVERS, before);
  }

  /** Those that are logged by a class. */
  public static SentStatements of(Class<?> logging, Consumer<String> before) {
    return new SentStatements(logging.getName(), before);
  }

  private void open() {
    synchronized (OPEN) {
      OPEN.merge(log, 1, Integer::sum);
      log.setLevel(Level.DEBUG);
      log.setAdditive(false);
      log.addAppender(appender);
    }
  }

  @Override
  public void close() {
    synchronized (OPEN) {
      log.detachAppender(appender);
      if (OPEN.computeIfPresent(log, (key, n) -> n == 1 ? null : n - 1) == null) {
        log.setAdditive(true);
        log.setLevel(null);
      }
    }
  }
}
