package io.vitessbeam.benchmark;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Figures of some parts of a benchmark, and their table beside what they are meant to be. */
final class Figures {

  private static final List<Set<String>> KINDS =
      List.of(
          Set.of("read", "latency", "rate", "idle"),
          Set.of("direct", "flink", "cluster1", "cluster2"),
          Set.of("duckdb", "postgresql"));

  private record Figure(String what, String measured, String target) {}

  private final Set<String> named;
  private final List<Figure> figures = new ArrayList<>();

  /**
   * @param named parts that are wanted; of a kind of which none is named, all are
   */
  Figures(List<String> named) {
    this.named = Set.copyOf(named);
  }

  boolean want(String part) {
    return named.contains(part)
        || KINDS.stream()
            .filter(kind -> kind.contains(part))
            .anyMatch(kind -> named.stream().noneMatch(kind::contains));
  }

  /**
   * Adds a figure and shows it.
   *
   * @param target empty if there is none
   */
  void add(String what, String measured, String target) {
    figures.add(new Figure(what, measured, target));
    System.out.printf(Locale.ROOT, "  %-58s %s%n", what, measured);
  }

  static String rate(double perSecond) {
    return String.format(Locale.ROOT, "%,.0f changes/s", perSecond);
  }

  void print() {
    System.out.printf(Locale.ROOT, "%n| Stream | measured | target |%n|---|---|---|%n");
    figures.forEach(
        figure ->
            System.out.printf(
                Locale.ROOT,
                "| %s | %s | %s |%n",
                figure.what(),
                figure.measured(),
                figure.target()));
  }
}
