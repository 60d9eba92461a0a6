package io.vitessbeam.pipelines.report;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * How far a run is that ends.
 *
 * @param what {@code keyspace.table}, or {@code keyspace}
 * @param rowsByShard rows read by {@code keyspace.table/shard}
 */
public record LoadProgress(
    String what, long rows, long bytes, Duration elapsed, Map<String, Long> rowsByShard)
    implements Progress {

  /** More would not fit on a line. */
  private static final int MOST_PARTS = 20;

  public LoadProgress {
    rowsByShard = new TreeMap<>(rowsByShard);
  }

  /** {@code shop.events 1,234,567 rows 246,900 rows/s 57.3 MB/s 5.0 s [-80 600,000 …]}. */
  @Override
  public String line() {
    if (rows == 0) {
      return what + "  no rows yet  " + Rates.time(elapsed);
    }
    StringBuilder line = new StringBuilder(what);
    line.append("  ").append(Rates.count(rows)).append(" rows");
    line.append("  ").append(Rates.rows(rows, elapsed));
    line.append("  ").append(Rates.bytes(bytes, elapsed));
    line.append("  ").append(Rates.time(elapsed));
    Map<String, Long> parts = parts();
    if (parts.size() > 1) {
      line.append("  [");
      line.append(
          parts.entrySet().stream()
              .limit(MOST_PARTS)
              .map(part -> part.getKey() + " " + Rates.count(part.getValue()))
              .collect(Collectors.joining(", ")));
      line.append(parts.size() > MOST_PARTS ? ", …]" : "]");
    }
    return line.toString();
  }

  @Override
  public void addTo(ObjectNode event) {
    event
        .put("table", what)
        .put("rows", rows)
        .put("bytes", bytes)
        .put("rows_per_sec", Rates.perSecond(rows, elapsed))
        .put("elapsed_sec", elapsed.toMillis() / 1000.0);
    ObjectNode shards = event.putObject("rows_by_shard");
    rowsByShard.forEach(shards::put);
  }

  /** The shards of a single table, else the tables. */
  private Map<String, Long> parts() {
    Map<String, Long> tables = new TreeMap<>();
    Map<String, Long> shards = new TreeMap<>();
    rowsByShard.forEach(
        (part, count) -> {
          CountedPart read = CountedPart.of(part);
          String table = read.table();
          tables.merge(table.substring(table.indexOf('.') + 1), count, Long::sum);
          shards.merge(read.shard().isEmpty() ? part : read.shard(), count, Long::sum);
        });
    return tables.size() > 1 ? tables : shards;
  }
}
