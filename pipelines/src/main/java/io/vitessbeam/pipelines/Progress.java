package io.vitessbeam.pipelines;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/**
 * How far a run is.
 *
 * @param what {@code keyspace.table}
 * @param rowsByShard rows read by {@code keyspace.table/shard}
 */
record Progress(
    String what, long rows, long bytes, Duration elapsed, Map<String, Long> rowsByShard) {

  Progress {
    rowsByShard = new TreeMap<>(rowsByShard);
  }

  /** {@code shop.events 1,234,567 rows 246,900 rows/s 57.3 MB/s 5.0 s [-80 600,000 …]}. */
  String line() {
    if (rows == 0) {
      return what + "  no rows yet  " + Rates.time(elapsed);
    }
    StringBuilder line = new StringBuilder(what);
    line.append("  ").append(Rates.count(rows)).append(" rows");
    line.append("  ").append(Rates.rows(rows, elapsed));
    line.append("  ").append(Rates.bytes(bytes, elapsed));
    line.append("  ").append(Rates.time(elapsed));
    if (rowsByShard.size() > 1) {
      line.append("  [");
      rowsByShard.forEach(
          (shard, count) ->
              line.append(shard.substring(shard.lastIndexOf('/') + 1))
                  .append(' ')
                  .append(Rates.count(count))
                  .append(", "));
      line.setLength(line.length() - 2);
      line.append(']');
    }
    return line.toString();
  }
}
