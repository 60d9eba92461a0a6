package io.vitessbeam.pipelines.watch;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** Lag and rows of late, in samples that are equally far apart. For any thread. */
final class History {

  /**
   * One moment.
   *
   * @param lag empty where it was not known
   * @param rows that were read until then
   * @param moved a count that rises with any row that is read or applied
   */
  record Sample(Optional<Duration> lag, long rows, long moved) {}

  static final int KEPT = 600;

  /** Samples of a window, over which a lag that goes up and down with each flush has a highest. */
  private static final int WINDOW = 60;

  private final Duration step;
  private final Deque<Sample> samples = new ArrayDeque<>();

  private History(Duration step) {
    this.step = step;
  }

  /**
   * Ten minutes, or more if flushes are rare.
   *
   * @param flushInterval of which a window holds two
   */
  static History of(Duration flushInterval) {
    Duration window = flushInterval.multipliedBy(2);
    Duration step = window.dividedBy(WINDOW);
    Duration second = Duration.ofSeconds(1);
    return new History(step.compareTo(second) > 0 ? step : second);
  }

  /** Time between two samples. */
  Duration step() {
    return step;
  }

  synchronized void add(Sample sample) {
    samples.add(sample);
    if (samples.size() > KEPT) {
      samples.remove();
    }
  }

  /** The oldest first. */
  synchronized List<Sample> samples() {
    return new ArrayList<>(samples);
  }

  /** Whether the highest lag of a minute is below that of the one before, or may yet be. */
  boolean lagFalls() {
    List<Sample> all = samples();
    int end = all.size();
    if (end < 2 * WINDOW) {
      return true;
    }
    Duration before = highest(all.subList(end - 2 * WINDOW, end - WINDOW));
    return highest(all.subList(end - WINDOW, end)).compareTo(before) < 0;
  }

  private static Duration highest(List<Sample> some) {
    return some.stream()
        .flatMap(sample -> sample.lag().stream())
        .max(Duration::compareTo)
        .orElse(Duration.ZERO);
  }

  /** Whether a row moved since the oldest sample, or may yet do. */
  boolean rowsMove() {
    List<Sample> all = samples();
    return all.size() < KEPT || all.get(0).moved() < all.get(KEPT - 1).moved();
  }

  /** How far the samples go back once there are enough. */
  Duration span() {
    return step.multipliedBy(KEPT);
  }

  /** Rows per second over the last ten samples. */
  double rowsPerSecond() {
    List<Sample> all = samples();
    int end = all.size();
    if (end < 2) {
      return 0;
    }
    int begin = Math.max(0, end - 11);
    long rows = all.get(end - 1).rows() - all.get(begin).rows();
    return rows * 1e9 / step.multipliedBy(end - 1 - begin).toNanos();
  }
}
