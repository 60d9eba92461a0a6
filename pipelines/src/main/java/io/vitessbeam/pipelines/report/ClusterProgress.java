package io.vitessbeam.pipelines.report;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * How far a job on a cluster is, whose workers count where this process does not see it.
 *
 * @param what {@code keyspace.table}, or {@code keyspace}
 * @param state in the cluster's word
 * @param tasks its parts, of which {@code done} have ended
 * @param rows read, as far as the cluster has told: while a job that ends reads, it has not
 */
public record ClusterProgress(
    String what, String state, long done, long tasks, long rows, Duration elapsed)
    implements Progress {

  /** {@code shop.events running 12 of 31 tasks done 1,234,567 rows 5.0 s}. */
  @Override
  public String line() {
    List<String> parts = new ArrayList<>(List.of(what, state));
    if (tasks > 0) {
      parts.add(done + " of " + tasks + " tasks done");
    }
    if (rows > 0) {
      parts.add(Rates.count(rows) + " rows");
    }
    parts.add(Rates.time(elapsed));
    return String.join("  ", parts);
  }

  @Override
  public void addTo(ObjectNode event) {
    event
        .put("table", what)
        .put("state", state)
        .put("tasks_done", done)
        .put("tasks", tasks)
        .put("rows", rows)
        .put("elapsed_sec", elapsed.toMillis() / 1000.0);
  }
}
