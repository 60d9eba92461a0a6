package io.vitessbeam.pipelines.report;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vitessbeam.progress.StreamSnapshot;
import io.vitessbeam.progress.TableStatus;
import io.vitessbeam.progress.TableStatus.State;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * How far a run is that never ends.
 *
 * @param what {@code keyspace.table}, or {@code keyspace}
 * @param rows read, of copies and changes
 * @param rowsPerSecond of late
 */
public record FollowingProgress(
    String what,
    long rows,
    long rowsPerSecond,
    Duration elapsed,
    Instant now,
    StreamSnapshot stream)
    implements Progress {

  /** More would not fit on a line. */
  private static final int MOST_TABLES = 5;

  /**
   * {@code shop following 12 tables 1,234,567 rows 1,200 rows/s lag 1.2 s (17 transactions) 40
   * flushes, the last of 1,200 rows 0.3 s ago}, and what is not as it should be.
   */
  @Override
  public String line() {
    List<String> parts = new ArrayList<>();
    parts.add(what);
    parts.add(states());
    parts.add(Rates.count(rows) + " rows");
    parts.add(Rates.count(rowsPerSecond) + " rows/s");
    stream.lag(now).ifPresent(lag -> parts.add("lag " + Rates.time(lag) + behind()));
    stream
        .lastFlush()
        .ifPresent(
            flush ->
                parts.add(
                    "%s %s, the last of %s rows %s ago"
                        .formatted(
                            Rates.count(stream.flushes()),
                            stream.flushes() == 1 ? "flush" : "flushes",
                            Rates.count(flush.rows()),
                            ago(flush.at()))));
    Map<String, TableStatus> waiting = stream.in(State.WAITING);
    if (!waiting.isEmpty()) {
      parts.add("waiting: " + listed(waiting));
    }
    stream
        .waits()
        .forEach((shard, reason) -> parts.add("waits for shard " + shard + ": " + reason));
    stream
        .openFailure()
        .ifPresent(
            failure -> parts.add("failed " + ago(failure.at()) + " ago: " + failure.message()));
    return String.join("  ", parts);
  }

  private String states() {
    List<String> counts = new ArrayList<>();
    for (State state : State.values()) {
      long tables = stream.count(state);
      if (tables > 0) {
        counts.add(state.name().toLowerCase(Locale.ROOT) + " " + tables);
      }
    }
    return counts.isEmpty()
        ? "starting"
        : String.join(", ", counts) + (stream.tables().size() == 1 ? " table" : " tables");
  }

  private String behind() {
    return stream.behind().isPresent()
        ? " (%s transactions)".formatted(Rates.count(stream.behind().getAsLong()))
        : "";
  }

  private static String listed(Map<String, TableStatus> tables) {
    String some =
        tables.entrySet().stream()
            .limit(MOST_TABLES)
            .map(table -> table.getKey() + " (" + table.getValue().reason() + ")")
            .collect(Collectors.joining(", "));
    return tables.size() > MOST_TABLES ? some + ", …" : some;
  }

  private String ago(Instant time) {
    Duration ago = Duration.between(time, now);
    return Rates.time(ago.isNegative() ? Duration.ZERO : ago);
  }

  @Override
  public void addTo(ObjectNode event) {
    event
        .put("table", what)
        .put("rows", rows)
        .put("rows_per_sec", rowsPerSecond)
        .put("elapsed_sec", elapsed.toMillis() / 1000.0);
    ObjectNode tables = event.putObject("tables");
    for (State state : State.values()) {
      tables.put(state.name().toLowerCase(Locale.ROOT), stream.count(state));
    }
    stream.lag(now).ifPresent(lag -> event.put("lag_sec", lag.toMillis() / 1000.0));
    stream.behind().ifPresent(transactions -> event.put("transactions_behind", transactions));
    event.put("rows_applied", stream.applied()).put("flushes", stream.flushes());
    stream
        .lastFlush()
        .ifPresent(
            flush ->
                event
                    .putObject("last_flush")
                    .put("at", flush.at().toString())
                    .put("rows", flush.rows())
                    .put("bytes", flush.bytes())
                    .put("took_sec", flush.took().toMillis() / 1000.0));
    event.put("epochs", stream.epochs());
    ObjectNode waiting = event.putObject("waiting");
    stream.in(State.WAITING).forEach((table, status) -> waiting.put(table, status.reason()));
    ObjectNode shards = event.putObject("shards_waited_for");
    stream.waits().forEach(shards::put);
    stream
        .openFailure()
        .ifPresent(
            failure ->
                event
                    .putObject("failure")
                    .put("at", failure.at().toString())
                    .put("message", failure.message()));
  }
}
