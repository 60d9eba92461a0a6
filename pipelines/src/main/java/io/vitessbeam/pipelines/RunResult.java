package io.vitessbeam.pipelines;

import io.vitessbeam.RunProgress;
import java.time.Duration;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.metrics.MetricResult;
import org.apache.beam.sdk.metrics.MetricsFilter;

/** What is known of a run that succeeded. */
record RunResult(PipelineResult result, RunProgress progress, Duration elapsed) {

  /** The sum of a counter over all steps; 0 too where nothing was added to it. */
  long counter(String name) {
    MetricsFilter all = MetricsFilter.builder().build();
    long sum = 0;
    for (MetricResult<Long> counter : result.metrics().queryMetrics(all).getCounters()) {
      if (counter.getName().getName().equals(name)) {
        sum += counter.getAttempted();
      }
    }
    return sum;
  }
}
