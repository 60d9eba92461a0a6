package io.vitessbeam.pipelines;

import io.vitessbeam.WriteStrategy;
import java.time.Duration;
import java.util.Locale;

/** What a successful run did. */
record Loaded(
    String source,
    String destination,
    DestinationTable table,
    WriteStrategy strategy,
    long rows,
    Duration elapsed)
    implements Summary {

  /** Below this a rate says how fast a JVM starts. */
  private static final long FEWEST_ROWS_WITH_A_RATE = 1_000;

  @Override
  public String toString() {
    return "Loaded %s %s of %s into %s %s%s in %s%s"
        .formatted(
            Rates.count(rows),
            rows == 1 ? "row" : "rows",
            source,
            destination,
            table,
            strategy == WriteStrategy.REPLACE
                ? ""
                : " by " + strategy.name().toLowerCase(Locale.ROOT).replace('_', '+'),
            Rates.time(elapsed),
            rows < FEWEST_ROWS_WITH_A_RATE ? "" : " (" + Rates.rows(rows, elapsed) + ")");
  }
}
