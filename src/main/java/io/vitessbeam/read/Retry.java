package io.vitessbeam.read;

import io.vitessbeam.TransientException;
import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits between tries of something that fails for a while, longer each time, and gives up when it
 * has failed for too long. For one thread.
 */
public final class Retry {

  private static final Logger LOG = LoggerFactory.getLogger(Retry.class);

  /** A planned restart of vtgate or a reparent is over by then; see Vitess's buffering. */
  public static final Duration DEFAULT_PATIENCE = Duration.ofMinutes(2);

  private static final long FIRST_WAIT_MILLIS = 100;
  private static final long LONGEST_WAIT_MILLIS = 5_000;

  private final Duration patience;

  private final LongSupplier nanoTime;

  private boolean failing;
  private long failingSinceNanos;
  private long waitMillis = FIRST_WAIT_MILLIS;

  /**
   * @param patience for how long failures without a success between them are borne
   */
  public Retry(Duration patience) {
    this(patience, System::nanoTime);
  }

  /**
   * @param nanoTime of an origin that isn't known, see {@link System#nanoTime}: it may be negative
   */
  Retry(Duration patience, LongSupplier nanoTime) {
    this.patience = patience;
    this.nanoTime = nanoTime;
  }

  /**
   * Does something again as long as it fails for a reason that may pass.
   *
   * @param doing what it does, for messages
   */
  public static <T> T patiently(String doing, Duration patience, Supplier<T> work) {
    Retry retry = new Retry(patience);
    try {
      while (true) {
        try {
          return work.get();
        } catch (TransientException e) {
          retry.awaitNext(e);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(doing + " was interrupted", e);
    }
  }

  /** To be called when there was progress: the patience is whole again. */
  public void succeeded() {
    failing = false;
    waitMillis = FIRST_WAIT_MILLIS;
  }

  /**
   * Returns when it is time for another try.
   *
   * @throws TransientException the failure itself, when the patience is used up
   */
  public void awaitNext(TransientException failure) throws InterruptedException {
    long now = nanoTime.getAsLong();
    if (!failing) {
      failing = true;
      failingSinceNanos = now;
    }
    if (now - failingSinceNanos + waitMillis * 1_000_000 > patience.toNanos()) {
      throw new TransientException(
          failure.getMessage() + " (given up after " + patience.toSeconds() + " s)", failure);
    }
    LOG.warn("{}; trying again in {} ms", failure.getMessage(), waitMillis);
    Thread.sleep(waitMillis);
    waitMillis = Math.min(2 * waitMillis, LONGEST_WAIT_MILLIS);
  }
}
