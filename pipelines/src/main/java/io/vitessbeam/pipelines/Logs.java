package io.vitessbeam.pipelines;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import org.slf4j.ILoggerFactory;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

/**
 * The log of this process: warnings on stderr, and all that we do with {@code --debug}. Only then
 * are there stack traces, whichever way a library logs.
 */
final class Logs {

  private static final String OURS = "io.vitessbeam";

  private Logs() {}

  static void configure(boolean debug) {
    ILoggerFactory factory = LoggerFactory.getILoggerFactory();
    // Under another binding, whoever chose it also sets its levels.
    if (!(factory instanceof LoggerContext context)) {
      return;
    }
    context.reset();
    // gRPC and the PostgreSQL driver log through java.util.logging, by default to stderr.
    SLF4JBridgeHandler.removeHandlersForRootLogger();
    SLF4JBridgeHandler.install();
    PatternLayoutEncoder encoder = new PatternLayoutEncoder();
    encoder.setContext(context);
    encoder.setPattern("%d{HH:mm:ss.SSS} %-5level %logger{24} %msg%n" + (debug ? "" : "%nopex"));
    encoder.start();
    ConsoleAppender<ILoggingEvent> stderr = new ConsoleAppender<>();
    stderr.setContext(context);
    stderr.setTarget("System.err");
    stderr.setEncoder(encoder);
    stderr.start();
    Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    // Runners warn of what users cannot change, and report every failure that we report ourselves.
    root.setLevel(debug ? Level.WARN : Level.ERROR);
    context.getLogger("org.apache.flink").setLevel(debug ? Level.ERROR : Level.OFF);
    // Channels report what fails to whoever calls, which we are.
    context.getLogger("io.grpc").setLevel(debug ? Level.WARN : Level.OFF);
    context.getLogger("org.apache.beam").setLevel(debug ? Level.WARN : Level.OFF);
    context.getLogger(OURS).setLevel(debug ? Level.DEBUG : Level.WARN);
    // Not before: until its level is set, a logger passes everything on.
    root.addAppender(stderr);
  }
}
