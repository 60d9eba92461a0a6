package io.vitessbeam.benchmark;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Locale;

/** Times from commits until they were seen. Safe for threads. */
final class Latencies {

  private long[] micros = new long[1024];
  private int count;

  /** Since 1970. */
  static long nowMicros() {
    return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
  }

  synchronized void add(long latencyMicros) {
    if (count == micros.length) {
      micros = Arrays.copyOf(micros, 2 * count);
    }
    micros[count++] = latencyMicros;
  }

  synchronized int count() {
    return count;
  }

  /**
   * What a share of them are at most, in seconds.
   *
   * @param share above 0, up to 1
   * @throws IllegalStateException if there are none
   */
  synchronized double seconds(double share) {
    if (count == 0) {
      throw new IllegalStateException("nothing was seen");
    }
    long[] sorted = Arrays.copyOf(micros, count);
    Arrays.sort(sorted);
    return sorted[(int) Math.ceil(share * count) - 1] / 1e6;
  }

  @Override
  public synchronized String toString() {
    return count == 0
        ? "nothing was seen"
        : String.format(Locale.ROOT, "p50 %.3f s, p99 %.3f s", seconds(0.5), seconds(0.99));
  }
}
