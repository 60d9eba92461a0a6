package io.vitessbeam.pipelines;

import io.vitessbeam.EpochEndException;
import io.vitessbeam.TransientException;
import io.vitessbeam.VitessBeamException;
import io.vitessbeam.pipelines.report.Summary;
import io.vitessbeam.progress.StreamStatus;
import io.vitessbeam.progress.TableStatus;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * A run without an end: one epoch after the other, each from where the destination stands, until it
 * is told to stop. An epoch ends when the run has to be planned anew, or when a server was away for
 * too long; whatever else fails ends the run, unless it may be about the tables that are copied.
 */
final class Epochs {

  /** An epoch that lasted so long was a good one. */
  private static final Duration GOOD = Duration.ofMinutes(1);

  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);

  private final Function<Map<String, String>, Summary> epoch;

  /** By name, why tables are left out of the next epoch. */
  private final Map<String, String> held = new TreeMap<>();

  private final BooleanSupplier stop;
  private final StreamStatus status;
  private final PrintStream err;

  private Duration pause = FIRST_PAUSE;

  /**
   * @param epoch runs until it is stopped or fails, without tables that are held
   * @param stop tells the one that runs to stop; says whether it will
   * @param status of the run, which says whether it ever came to follow its tables
   * @param err where it is told why an epoch ended
   */
  Epochs(
      Function<Map<String, String>, Summary> epoch,
      BooleanSupplier stop,
      StreamStatus status,
      PrintStream err) {
    this.epoch = epoch;
    this.stop = stop;
    this.status = status;
    this.err = err;
  }

  /** Returns when it was stopped, and all that had come by then is applied. */
  Summary run() {
    StopSignals signals =
        new StopSignals(
            () -> {
              err.println("ingest: stopping");
              if (!stop.getAsBoolean()) {
                // It is copying, of which nothing is seen before it is complete, or at rest.
                Main.endAsTold();
              }
            });
    try (signals) {
      status.epoch("the run began");
      while (true) {
        long began = System.nanoTime();
        try {
          return epoch.apply(held);
        } catch (RuntimeException e) {
          requirePassing(e);
          rest(e, Duration.ofNanos(System.nanoTime() - began));
        }
      }
    }
  }

  /** What fails before anything was followed is a mistake rather than a failure that passes. */
  private void requirePassing(RuntimeException failure) {
    Throwable cause = Failures.cause(failure);
    Map<String, TableStatus> tables = status.snapshot().tables();
    boolean passes =
        cause instanceof EpochEndException
            || (cause instanceof TransientException && !tables.isEmpty());
    if (passes) {
      // Whatever was held may have been mended.
      held.clear();
    } else if (!(cause instanceof VitessBeamException) || !holdCopies(cause.getMessage(), tables)) {
      throw failure;
    }
  }

  /**
   * Tables that were being copied when an epoch failed for good are left out of the next one: those
   * that are followed do not wait for them.
   *
   * @return whether there are any of both
   */
  private boolean holdCopies(String reason, Map<String, TableStatus> tables) {
    Map<String, String> copied = new TreeMap<>();
    boolean others = false;
    for (Map.Entry<String, TableStatus> table : tables.entrySet()) {
      String name = table.getKey().substring(table.getKey().indexOf('.') + 1);
      switch (table.getValue().state()) {
        case COPYING -> copied.put(name, reason);
        case FOLLOWING -> others = true;
        case WAITING -> {}
      }
    }
    if (copied.isEmpty() || !others) {
      return false;
    }
    held.putAll(copied);
    return true;
  }

  private void rest(RuntimeException failure, Duration lasted) {
    String reason = Failures.describe(failure);
    status.failed(reason);
    if (lasted.compareTo(GOOD) > 0) {
      pause = FIRST_PAUSE;
    }
    err.printf("ingest: beginning again in %d s: %s%n", pause.toSeconds(), reason);
    try {
      TimeUnit.NANOSECONDS.sleep(pause.toNanos());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failure;
    }
    Duration twice = pause.multipliedBy(2);
    pause = twice.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : twice;
    status.epoch(reason);
  }
}
