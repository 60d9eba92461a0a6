package io.vitessbeam.pipelines;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import org.apache.beam.sdk.PipelineResult;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends a run cleanly when the process is told to end. The exit code (130 for SIGINT, 143 for
 * SIGTERM) is the JVM's own.
 */
final class Cancellation implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Cancellation.class);

  private final Thread hook;
  private volatile boolean signalled;
  private volatile PipelineResult running;

  private Cancellation(Runnable abort) {
    this.hook = new Thread(() -> cancel(abort), "cancel");
  }

  static Cancellation onSignal(Runnable abort) {
    Cancellation cancellation = new Cancellation(abort);
    Runtime.getRuntime().addShutdownHook(cancellation.hook);
    return cancellation;
  }

  /** What to cancel first; without one the runner's threads die with the process. */
  void cancels(PipelineResult result) {
    running = result;
  }

  private void cancel(Runnable abort) {
    signalled = true;
    LOG.debug("told to end");
    try {
      if (running != null) {
        running.cancel();
      }
    } catch (IOException | RuntimeException e) {
      LOG.debug("cancel", e);
    }
    try {
      abort.run();
    } catch (RuntimeException e) {
      LOG.warn("cannot clean up after the cancelled run: {}", Failures.describe(e));
    }
  }

  /** While the process ends, a failed run is a consequence and not worth a word. */
  void awaitIfSignalled() {
    if (signalled) {
      try {
        new CountDownLatch(1).await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public void close() {
    if (!signalled) {
      try {
        Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException e) {
        // The process has begun to end: the hook runs, or has run.
        awaitIfSignalled();
      }
    }
  }
}
