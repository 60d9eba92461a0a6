package io.vitessbeam.benchmark;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * The runs of some contestants that do the same work, and their table. The medians count, and the
 * fastest contestant whose name begins with "raw" is the raw limit.
 */
final class Results {

  private final long count;
  private final String unit;
  private final Map<String, List<Measured>> byName = new LinkedHashMap<>();

  /**
   * @param unit what the work is counted in, such as rows
   */
  Results(long count, String unit) {
    this.count = count;
    this.unit = unit;
  }

  void add(String name, Measured measured) {
    byName.computeIfAbsent(name, key -> new ArrayList<>()).add(measured);
    System.out.printf(
        Locale.ROOT,
        "  %-37s %7.2f s %7.2f CPU s %5d MB%n",
        name,
        measured.seconds(),
        measured.cpuSeconds(),
        measured.peakMegabytes());
  }

  void print() {
    double limit = limit();
    System.out.printf(
        Locale.ROOT,
        "%n| %,d %s, median of %d | seconds | %s/s | of the raw limit | CPU s | peak MB |%n"
            + "|---|---|---|---|---|---|%n",
        count,
        unit,
        byName.values().iterator().next().size(),
        unit);
    byName.forEach(
        (name, runs) -> {
          double seconds = median(runs, Measured::seconds);
          System.out.printf(
              Locale.ROOT,
              "| %s | %.1f | %,.0f | %.0f %% | %.1f | %.0f |%n",
              name,
              seconds,
              count / seconds,
              100 * limit / seconds,
              median(runs, Measured::cpuSeconds),
              median(runs, measured -> measured.peakMegabytes()));
        });
  }

  /** How many times as long as the raw limit the others took. */
  void printRatios() {
    double limit = limit();
    System.out.println();
    byName.forEach(
        (name, runs) -> {
          if (!isRaw(name)) {
            System.out.printf(
                Locale.ROOT,
                "%s: %.2f times the raw limit%n",
                name,
                median(runs, Measured::seconds) / limit);
          }
        });
  }

  private double limit() {
    return byName.entrySet().stream()
        .filter(entry -> isRaw(entry.getKey()))
        .mapToDouble(entry -> median(entry.getValue(), Measured::seconds))
        .min()
        .orElseThrow();
  }

  private static boolean isRaw(String name) {
    return name.startsWith("raw");
  }

  private static double median(List<Measured> runs, ToDoubleFunction<Measured> figure) {
    return runs.stream()
        .sorted(Comparator.comparingDouble(figure))
        .skip((runs.size() - 1) / 2)
        .mapToDouble(figure)
        .findFirst()
        .orElseThrow();
  }
}
