package io.vitessbeam.pipelines;

import io.vitessbeam.NeedsRefreshException;
import io.vitessbeam.VitessBeamException;
import java.io.PrintStream;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says in one line why a run failed, out of all that a runner wraps around it. */
final class Failures {

  private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

  /** The flag with which a run copies its tables anew. */
  private static final String COPY = "--full-refresh";

  private Failures() {}

  static String describe(Throwable failure) {
    Throwable cause = cause(failure);
    if (cause instanceof VitessBeamException || cause instanceof UsageException) {
      return oneLine(cause.getMessage()) + advice(cause);
    }
    String message = cause.getMessage();
    String name = cause.getClass().getSimpleName();
    return message == null || message.isBlank() ? name : name + ": " + oneLine(message);
  }

  /** The library says what is to be done, and this by which flag. */
  private static String advice(Throwable cause) {
    boolean copies = cause instanceof NeedsRefreshException;
    return copies && !cause.getMessage().contains(COPY) ? " (" + COPY + " does)" : "";
  }

  /** One line, and the stack trace in the debug log. */
  static void print(Throwable failure, PrintStream err) {
    err.println("ingest: " + describe(failure));
    LOG.debug("stack trace", failure);
  }

  /** The first failure in the chain that explains itself, else the last of all. */
  static Throwable cause(Throwable failure) {
    Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    Throwable last = failure;
    for (Throwable t = failure; t != null && seen.add(t); t = t.getCause()) {
      if (t instanceof VitessBeamException || t instanceof UsageException) {
        return t;
      }
      last = t;
    }
    return last;
  }

  static String oneLine(String message) {
    return message.strip().replaceAll("\\s*\\R\\s*", " ");
  }
}
