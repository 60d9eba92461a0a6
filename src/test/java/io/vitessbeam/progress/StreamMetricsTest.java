package io.vitessbeam.progress;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitessbeam.RunProgress;
import io.vitessbeam.SyncedTable;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.metrics.MetricQueryResults;
import org.apache.beam.sdk.metrics.MetricsFilter;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.junit.jupiter.api.Test;

class StreamMetricsTest {

  private static final class ReportingFn extends DoFn<Integer, Integer> {
    private static final long serialVersionUID = 1L;
    private final StreamMetrics metrics;

    ReportingFn(String runId) {
      metrics = new StreamMetrics(runId);
    }

    @ProcessElement
    public void process() {
      SyncedTable table = new SyncedTable("shop.t", "t", false, "", 0, 3, 2, 1);
      metrics.flushed(List.of(table), 6, 60, Duration.ofMillis(40));
      long now = System.currentTimeMillis();
      metrics.shard("-80", "MySQL56/a:1-5", now - 90_500);
      metrics.behind("80-", 0, now);
      metrics.behind("-80", 17, now);
      metrics.failed("no room");
    }
  }

  @Test
  void beamAndWatchersAreToldTheSame() {
    String run = UUID.randomUUID().toString();
    try (RunProgress progress = RunProgress.watch(run)) {
      Pipeline pipeline = Pipeline.create(PipelineOptionsFactory.create());
      pipeline.apply(Create.of(1)).apply(ParDo.of(new ReportingFn(run)));
      PipelineResult result = pipeline.run();
      result.waitUntilFinish();

      MetricQueryResults metrics = result.metrics().queryMetrics(MetricsFilter.builder().build());
      Map<String, Long> counters = new TreeMap<>();
      metrics
          .getCounters()
          .forEach(counter -> counters.put(counter.getName().getName(), counter.getAttempted()));
      assertThat(counters)
          .containsEntry("flushes", 1L)
          .containsEntry("flushed_rows", 6L)
          .containsEntry("flushed_bytes", 60L)
          .containsEntry("flush_millis", 40L)
          .containsEntry("rows_inserted", 3L)
          .containsEntry("rows_updated", 2L)
          .containsEntry("rows_deleted", 1L)
          .containsEntry("failures", 1L);
      Map<String, Long> gauges = new TreeMap<>();
      metrics
          .getGauges()
          .forEach(gauge -> gauges.put(gauge.getName().getName(), gauge.getAttempted().getValue()));
      assertThat(gauges)
          .containsEntry("lag_seconds.-80", 90L)
          .containsEntry("lag_seconds.80-", 0L)
          .containsEntry("transactions_behind.-80", 17L)
          .containsEntry("transactions_behind.80-", 0L);

      StreamSnapshot snapshot = progress.stream().snapshot();
      assertThat(snapshot.tables().get("shop.t").applied()).isEqualTo(6);
      assertThat(snapshot.shards()).containsOnlyKeys("-80", "80-");
      assertThat(snapshot.behind()).hasValue(17);
      assertThat(snapshot.lastFailure()).isPresent();
    }
  }
}
