package io.vitessbeam.pipelines.report;

import io.vitessbeam.SyncedTable;
import io.vitessbeam.progress.TableStatus;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/**
 * What a successful run did to the tables that it follows.
 *
 * @param source {@code keyspace} or {@code keyspace.table}
 * @param tables in alphabetical order
 * @param total of all tables
 */
public record Synced(
    String source, String file, List<SyncedTable> tables, SyncedTable total, Duration elapsed)
    implements Summary {

  /** Below this a rate says how fast a JVM starts. */
  private static final long FEWEST_ROWS_WITH_A_RATE = 1_000;

  public Synced {
    tables = tables.stream().sorted(Comparator.comparing(SyncedTable::source)).toList();
  }

  /**
   * By the metric of the run, which workers anywhere tell of, and what those of this JVM did to the
   * tables afterwards, if they followed them without an end.
   */
  public static Synced of(String source, String file, RunResult result) {
    Map<String, TableStatus> followed = result.progress().stream().snapshot().tables();
    List<SyncedTable> tables =
        result.texts(SyncedTable.METRIC).stream()
            .map(SyncedTable::decode)
            .map(table -> withAll(table, followed.get(table.source())))
            .toList();
    return new Synced(source, file, tables, sumOf(source, tables), result.elapsed());
  }

  private static SyncedTable withAll(SyncedTable table, TableStatus followed) {
    return followed == null
        ? table
        : new SyncedTable(
            table.source(),
            table.table(),
            table.copied() || followed.copied() > 0,
            table.reason(),
            followed.copied(),
            followed.inserted(),
            followed.updated(),
            followed.deleted());
  }

  private static SyncedTable sumOf(String source, List<SyncedTable> tables) {
    return new SyncedTable(
        source,
        "",
        tables.stream().anyMatch(SyncedTable::copied),
        "",
        tables.stream().mapToLong(SyncedTable::rowsCopied).sum(),
        tables.stream().mapToLong(SyncedTable::inserted).sum(),
        tables.stream().mapToLong(SyncedTable::updated).sum(),
        tables.stream().mapToLong(SyncedTable::deleted).sum());
  }

  /** One line of a single table, else one per table and one of them all. */
  @Override
  public String toString() {
    if (tables.size() == 1) {
      SyncedTable only = tables.get(0);
      return "Synced %s into %s %s in %s: %s%s"
          .formatted(only.source(), file, only.table(), Rates.time(elapsed), changes(only), rate());
    }
    StringBuilder lines = new StringBuilder();
    for (SyncedTable table : tables) {
      lines.append("%s into %s: %s%n".formatted(table.source(), table.table(), changes(table)));
    }
    return lines
        + "Synced %s into %s in %s: %s%s"
            .formatted(
                tables.isEmpty() ? source : tables.size() + " tables of " + source,
                file,
                Rates.time(elapsed),
                changes(total),
                rate());
  }

  private static String changes(SyncedTable table) {
    boolean changed = table.inserted() + table.updated() + table.deleted() > 0;
    if (!table.copied() && !changed) {
      return "nothing new";
    }
    StringJoiner words = new StringJoiner(", ");
    if (table.copied()) {
      words.add(
          "copied %s %s%s"
              .formatted(
                  Rates.count(table.rowsCopied()),
                  table.rowsCopied() == 1 ? "row" : "rows",
                  table.reason().isEmpty() ? "" : " again (" + table.reason() + ")"));
    }
    if (changed) {
      words.add(Rates.count(table.inserted()) + " inserted");
      words.add(Rates.count(table.updated()) + " updated");
      words.add(Rates.count(table.deleted()) + " deleted");
    }
    return words.toString();
  }

  private String rate() {
    long rows = total.rowsCopied() + total.inserted() + total.updated() + total.deleted();
    return rows < FEWEST_ROWS_WITH_A_RATE ? "" : " (" + Rates.rows(rows, elapsed) + ")";
  }
}
