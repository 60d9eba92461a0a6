package io.vitessbeam.pipelines.report;

import io.vitessbeam.WriteStrategy;
import io.vitessbeam.pipelines.DestinationTable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a successful run did. */
public record Loaded(
    String source,
    String destination,
    DestinationTable table,
    WriteStrategy strategy,
    long rows,
    long rowsDiscarded,
    long valuesDiscarded,
    Duration elapsed)
    implements Summary {

  /** Below this a rate says how fast a JVM starts. */
  private static final long FEWEST_ROWS_WITH_A_RATE = 1_000;

  @Override
  public String toString() {
    return "Loaded %s %s of %s into %s %s%s in %s%s%s"
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
            rows < FEWEST_ROWS_WITH_A_RATE ? "" : " (" + Rates.rows(rows, elapsed) + ")",
            leftOut());
  }

  private String leftOut() {
    List<String> parts = new ArrayList<>();
    if (rowsDiscarded > 0) {
      parts.add(Rates.count(rowsDiscarded) + (rowsDiscarded == 1 ? " row" : " rows"));
    }
    if (valuesDiscarded > 0) {
      parts.add(Rates.count(valuesDiscarded) + (valuesDiscarded == 1 ? " value" : " values"));
    }
    return parts.isEmpty()
        ? ""
        : "; %s for which it has no room left out (--schema-contract)"
            .formatted(String.join(" and ", parts));
  }
}
