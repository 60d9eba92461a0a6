package io.vitessbeam.benchmark;

import io.vitessbeam.benchmark.StreamedTo.Beat;
import io.vitessbeam.benchmark.StreamedTo.Hold;
import io.vitessbeam.benchmark.StreamedTo.Visible;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * A stream into a destination: how long it takes from a commit until it is visible, and how many
 * changes a second are applied.
 *
 * <p>The rate is that of a stream that is behind: it is kept from writing while changes pile up,
 * and then let go, while some more are written. At any lower rate its lag doesn't grow. Two cores
 * can't write as many changes as a stream applies, and apply them as well.
 */
final class IntoDestination {

  /** Of the latencies. */
  private static final int STEADY_RATE = 2_000;

  /** While a stream starts, or is behind. */
  private static final int LIGHT_RATE = 500;

  private static final Duration PATIENCE = Duration.ofMinutes(15);

  /** A destination that is away for longer than ten minutes ends an epoch. */
  private static final Duration MOST_HELD = Duration.ofMinutes(8);

  private static final long POLL_MILLIS = 20;

  /** Of a stream that is behind, which it would keep from writing. */
  private static final long RARE_POLL_MILLIS = 1_000;

  private static final Duration MOST_SETTLING = Duration.ofMinutes(2);

  private static final int FLUSHES = 3;

  private final Path home;
  private final File log;
  private final String source;
  private final Traffic traffic;
  private final Duration time;
  private final Figures figures;

  /**
   * @param log takes what the streams say
   * @param source as {@code --source-uri} takes it
   * @param time of each figure
   */
  IntoDestination(
      Path home, File log, String source, Traffic traffic, Duration time, Figures figures) {
    this.home = home;
    this.log = log;
    this.source = source;
    this.traffic = traffic;
    this.time = time;
    this.figures = figures;
  }

  /** Latencies at both intervals. */
  @SuppressWarnings("try") // What writes does so until it is closed.
  void latencies(StreamRunner runner, StreamedTo to)
      throws IOException, SQLException, InterruptedException, ExecutionException {
    for (Duration interval : List.of(Duration.ofSeconds(1), Duration.ofSeconds(30))) {
      boolean shortest = interval.toSeconds() == 1;
      // Some flushes at least.
      Duration longEnough = interval.multipliedBy(FLUSHES);
      Latencies latencies = new Latencies();
      Duration cpu;
      try (Following stream = follow(runner, to, interval)) {
        long last;
        try (Traffic.Steady light = traffic.new Steady(LIGHT_RATE)) {
          last = awaitFlushes(stream, to);
        }
        try (Traffic.Steady steady = traffic.new Steady(STEADY_RATE)) {
          last = settle(to, last, interval);
          Duration began = stream.cpu();
          observe(to, last, time.compareTo(longEnough) > 0 ? time : longEnough, latencies);
          cpu = stream.cpu().minus(began);
        }
        stream.requireAlive();
      }
      figures.add(
          String.format(
              Locale.ROOT,
              "into %s, %s: commit to visible, flushes of %d s, %,d changes/s",
              to.name(),
              runner.name(),
              interval.toSeconds(),
              STEADY_RATE),
          String.format(Locale.ROOT, "%s (%.1f s of CPU)", latencies, cpu.toMillis() / 1e3),
          shortest ? "p99 <= 2.5 s" : "");
    }
  }

  private Following follow(StreamRunner runner, StreamedTo to, Duration interval)
      throws IOException {
    List<String> flags = new ArrayList<>(runner.flags());
    flags.add("--source-uri=" + source);
    flags.add("--include-tables=" + traffic.table() + "," + Traffic.BEATS);
    flags.add("--dest-uri=" + to.uri());
    flags.add("--flush-interval=" + interval.toSeconds() + "s");
    return Following.start(home, log, flags);
  }

  /** Waits until changes come by flushes, and returns the last beat of them. */
  private static long awaitFlushes(Following stream, StreamedTo to)
      throws IOException, SQLException, InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    long last = -1;
    // The first that come are those of the copy, or of what was missing.
    for (int came = 0; came <= FLUSHES; ) {
      stream.requireAlive();
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException("nothing came into " + to.uri());
      }
      TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
      List<Beat> beats = beats(to, last);
      if (!beats.isEmpty()) {
        came++;
        last = beats.get(beats.size() - 1).id();
      }
    }
    return last;
  }

  /**
   * Waits until what comes is as new as it can be, for some minutes at most: a stream that doesn't
   * keep up is told by its figures.
   */
  private static long settle(StreamedTo to, long from, Duration interval)
      throws SQLException, InterruptedException {
    long end = System.nanoTime() + MOST_SETTLING.toNanos();
    long last = from;
    while (System.nanoTime() < end) {
      TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
      List<Beat> beats = to.beatsAfter(last);
      if (!beats.isEmpty()) {
        last = beats.get(beats.size() - 1).id();
        long oldest = Latencies.nowMicros() - beats.get(0).micros();
        if (oldest < TimeUnit.SECONDS.toMicros(2 * interval.toSeconds())) {
          break;
        }
      }
    }
    return last;
  }

  /** None as long as a table is still to be made. */
  private static List<Beat> beats(StreamedTo to, long last) throws SQLException {
    return to.isThere() ? to.beatsAfter(last) : List.of();
  }

  private static void observe(StreamedTo to, long from, Duration time, Latencies latencies)
      throws SQLException, InterruptedException {
    long end = System.nanoTime() + time.toNanos();
    long last = from;
    while (System.nanoTime() < end) {
      TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
      List<Beat> beats = to.beatsAfter(last);
      long now = Latencies.nowMicros();
      for (Beat beat : beats) {
        latencies.add(now - beat.micros());
        last = beat.id();
      }
    }
  }

  /** The rate of a stream that is behind, with the default flushes. */
  @SuppressWarnings(
      "try") // What writes, and what holds the destination, does so until it is closed.
  void rate(StreamRunner runner, StreamedTo to)
      throws IOException, SQLException, InterruptedException, ExecutionException {
    double rate;
    try (Following stream = follow(runner, to, Duration.ofSeconds(1));
        Traffic.Steady steady = traffic.new Steady(LIGHT_RATE)) {
      awaitFlushes(stream, to);
      try (Hold hold = to.hold()) {
        traffic.pile(time.compareTo(MOST_HELD) > 0 ? MOST_HELD : time);
      }
      rate = catchUp(stream, to, traffic.written());
    }
    check(to);
    figures.add(
        "into " + to.name() + ", " + runner.name() + ": sustained",
        Figures.rate(rate),
        to instanceof StreamedToDuckDb ? ">= " + Figures.rate(40_000) : "");
  }

  /** Changes a second from the first flush, which was held up, to the last. */
  private static double catchUp(Following stream, StreamedTo to, long until)
      throws IOException, SQLException, InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    Visible before = to.visible();
    Visible first = before;
    Visible last = before;
    while (last.beats() < until) {
      stream.requireAlive();
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException("the stream doesn't catch up: " + last);
      }
      TimeUnit.MILLISECONDS.sleep(RARE_POLL_MILLIS);
      last = to.visible();
      first = first.beats() == before.beats() ? last : first;
    }
    return (last.beats() - first.beats())
        * Traffic.CHANGES
        * 1e6
        / (last.micros() - first.micros());
  }

  /** What a stream that ended left has to be what is in the source. */
  private void check(StreamedTo to) throws SQLException {
    Contents expected = traffic.contents();
    Contents contents = to.contents(traffic.table());
    if (!contents.equals(expected)) {
      throw new IllegalStateException(to.uri() + " holds " + contents + " instead of " + expected);
    }
  }
}
