package io.vitessbeam.write.stream;

import io.vitessbeam.ConfigurationException;
import java.io.Serializable;
import java.time.Duration;

/**
 * When changes that wait are applied: whichever is first.
 *
 * @param interval since the first of them came, 100 ms to 1 hour
 * @param records how many there are, at least 1
 * @param bytes how much memory they take
 */
public record FlushOptions(Duration interval, long records, long bytes) implements Serializable {

  private static final Duration LEAST = Duration.ofMillis(100);
  private static final Duration MOST = Duration.ofHours(1);

  private static final long MOST_BYTES = 64L << 20;

  /**
   * What waits is there some times: in the runner's state, in what it delivers, as it is staged.
   */
  private static final int SHARE_OF_HEAP = 16;

  /** Behind the bounds that it is checked against. */
  public static final FlushOptions DEFAULT =
      new FlushOptions(
          Duration.ofSeconds(30),
          50_000,
          Math.min(MOST_BYTES, Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP));

  public FlushOptions {
    if (interval.compareTo(LEAST) < 0 || interval.compareTo(MOST) > 0) {
      throw new ConfigurationException(
          "The flush interval is " + interval + "; it must be from 100 ms to 1 hour");
    }
    if (records < 1) {
      throw new ConfigurationException(
          "A flush is of " + records + " records; it must be 1 or more");
    }
  }

  public FlushOptions withInterval(Duration choice) {
    return new FlushOptions(choice, records, bytes);
  }

  public FlushOptions withRecords(long choice) {
    return new FlushOptions(interval, choice, bytes);
  }
}
