package io.vitessbeam.pipelines.watch;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.vitessbeam.pipelines.report.CountedPart;
import io.vitessbeam.progress.ShardStatus;
import io.vitessbeam.progress.StreamSnapshot;
import io.vitessbeam.progress.TableStatus;
import io.vitessbeam.progress.TableStatus.State;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/** A run's metrics for Prometheus, taken from where it stands whenever they are asked for. */
final class RunMetrics implements MultiCollector {

  private static final String PREFIX = "vitessbeam_";

  private final WatchedRun run;
  private final Supplier<Health> health;
  private final Clock clock;

  RunMetrics(WatchedRun run, Supplier<Health> health, Clock clock) {
    this.run = run;
    this.health = health;
    this.clock = clock;
  }

  @Override
  public MetricSnapshots collect() {
    MetricSnapshots.Builder metrics = MetricSnapshots.builder();
    StreamSnapshot stream = run.progress().stream().snapshot();
    Instant now = clock.instant();
    addRun(metrics);
    addTables(metrics, stream.tables());
    addShards(metrics, stream.shards(), now);
    addFlushes(metrics, stream);
    return metrics.build();
  }

  private void addRun(MetricSnapshots.Builder metrics) {
    metrics.metricSnapshot(
        gauge("healthy", "1 if /healthz answers 200", health.get().good() ? 1 : 0));
    metrics.metricSnapshot(
        gauge("started_timestamp_seconds", "When the run began", seconds(run.started())));
    CounterSnapshot.Builder rows =
        CounterSnapshot.builder()
            .name(PREFIX + "rows_read")
            .help("Rows read, of copies and changes");
    run.progress()
        .rowsByShard()
        .forEach((part, count) -> rows.dataPoint(counted(labels(CountedPart.of(part)), count)));
    metrics.metricSnapshot(rows.build());
    metrics.metricSnapshot(
        counter("bytes_read", "Bytes of these rows", run.progress().bytesRead()));
  }

  private static Labels labels(CountedPart part) {
    return Labels.of("table", part.table(), "shard", part.shard());
  }

  private static void addTables(MetricSnapshots.Builder metrics, Map<String, TableStatus> tables) {
    if (tables.isEmpty()) {
      return;
    }
    GaugeSnapshot.Builder states =
        GaugeSnapshot.builder().name(PREFIX + "table_state").help("1 for the state of the table");
    tables.forEach(
        (table, status) -> {
          for (State state : State.values()) {
            states.dataPoint(
                measured(
                    Labels.of("table", table, "state", state.name().toLowerCase(Locale.ROOT)),
                    state == status.state() ? 1.0 : 0.0));
          }
        });
    metrics.metricSnapshot(states.build());
    addPerTable(metrics, "rows_copied", "Rows of copies", tables, TableStatus::copied);
    addPerTable(metrics, "rows_inserted", "Rows that changes added", tables, TableStatus::inserted);
    addPerTable(metrics, "rows_updated", "Rows that changes changed", tables, TableStatus::updated);
    addPerTable(metrics, "rows_deleted", "Rows that changes deleted", tables, TableStatus::deleted);
  }

  private static void addPerTable(
      MetricSnapshots.Builder metrics,
      String name,
      String help,
      Map<String, TableStatus> tables,
      ToLongFunction<TableStatus> count) {
    CounterSnapshot.Builder rows = CounterSnapshot.builder().name(PREFIX + name).help(help);
    tables.forEach(
        (table, status) ->
            rows.dataPoint(counted(Labels.of("table", table), count.applyAsLong(status))));
    metrics.metricSnapshot(rows.build());
  }

  private static void addShards(
      MetricSnapshots.Builder metrics, Map<String, ShardStatus> shards, Instant now) {
    GaugeSnapshot.Builder lags =
        GaugeSnapshot.builder()
            .name(PREFIX + "lag_seconds")
            .help("Age of the oldest change of the shard that the destination may lack");
    GaugeSnapshot.Builder behind =
        GaugeSnapshot.builder()
            .name(PREFIX + "transactions_behind")
            .help("Transactions of the shard's primary that the destination lacks");
    GaugeSnapshot.Builder commits =
        GaugeSnapshot.builder()
            .name(PREFIX + "last_commit_timestamp_seconds")
            .help("When the last change that was applied was committed");
    shards.forEach(
        (shard, status) -> {
          Labels labels = Labels.of("shard", shard);
          status.lag(now).ifPresent(lag -> lags.dataPoint(measured(labels, seconds(lag))));
          status.behind().ifPresent(count -> behind.dataPoint(measured(labels, (double) count)));
          status
              .lastCommit()
              .ifPresent(commit -> commits.dataPoint(measured(labels, seconds(commit))));
        });
    metrics.metricSnapshot(lags.build());
    metrics.metricSnapshot(behind.build());
    metrics.metricSnapshot(commits.build());
  }

  private static void addFlushes(MetricSnapshots.Builder metrics, StreamSnapshot stream) {
    if (stream.isEmpty()) {
      return;
    }
    metrics.metricSnapshot(counter("flushes", "Flushes", stream.flushes()));
    metrics.metricSnapshot(counter("flushed_rows", "Changes of all flushes", stream.flushedRows()));
    metrics.metricSnapshot(
        counter("flushed_bytes", "Bytes of these changes", stream.flushedBytes()));
    metrics.metricSnapshot(
        counter("flush_seconds", "Time of all flushes", seconds(stream.flushTime())));
    metrics.metricSnapshot(counter("epochs", "Plans that were made", stream.epochs()));
    metrics.metricSnapshot(
        counter("failures", "Failures, also those that were overcome", stream.failures()));
    stream
        .lastFlush()
        .ifPresent(
            flush ->
                metrics.metricSnapshot(
                    gauge(
                        "last_flush_timestamp_seconds",
                        "When the last flush was complete",
                        seconds(flush.at()))));
    stream
        .lastFailure()
        .ifPresent(
            failure ->
                metrics.metricSnapshot(
                    gauge(
                        "last_failure_timestamp_seconds",
                        "When something last went wrong",
                        seconds(failure.at()))));
  }

  private static double seconds(Instant time) {
    return time.toEpochMilli() / 1000.0;
  }

  private static double seconds(Duration time) {
    return time.toMillis() / 1000.0;
  }

  private static GaugeSnapshot gauge(String name, String help, double value) {
    return GaugeSnapshot.builder()
        .name(PREFIX + name)
        .help(help)
        .dataPoint(measured(Labels.EMPTY, value))
        .build();
  }

  private static CounterSnapshot counter(String name, String help, long value) {
    return counter(name, help, (double) value);
  }

  private static CounterSnapshot counter(String name, String help, double value) {
    return CounterSnapshot.builder()
        .name(PREFIX + name)
        .help(help)
        .dataPoint(CounterDataPointSnapshot.builder().value(value).build())
        .build();
  }

  private static CounterDataPointSnapshot counted(Labels labels, long value) {
    return CounterDataPointSnapshot.builder().labels(labels).value((double) value).build();
  }

  private static GaugeDataPointSnapshot measured(Labels labels, double value) {
    return GaugeDataPointSnapshot.builder().labels(labels).value(value).build();
  }
}
