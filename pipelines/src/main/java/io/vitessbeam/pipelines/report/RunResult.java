package io.vitessbeam.pipelines.report;

import io.vitessbeam.RunProgress;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import org.apache.beam.sdk.metrics.MetricResult;
import org.apache.beam.sdk.metrics.MetricResults;
import org.apache.beam.sdk.metrics.MetricsFilter;
import org.apache.beam.sdk.metrics.StringSetResult;

/** What is known of a run that succeeded. */
public record RunResult(MetricResults metrics, RunProgress progress, Duration elapsed) {

  /** The sum of a counter over all steps; 0 too where nothing was added to it. */
  public long counter(String name) {
    return counter(metrics, name);
  }

  /** The same of a run that may still go on. */
  public static long counter(MetricResults metrics, String name) {
    MetricsFilter all = MetricsFilter.builder().build();
    long sum = 0;
    for (MetricResult<Long> counter : metrics.queryMetrics(all).getCounters()) {
      if (counter.getName().getName().equals(name)) {
        sum += counter.getAttempted();
      }
    }
    return sum;
  }

  /** What a metric gathered, over all steps. */
  Set<String> texts(String name) {
    Set<String> texts = new TreeSet<>();
    MetricsFilter all = MetricsFilter.builder().build();
    for (MetricResult<StringSetResult> set : metrics.queryMetrics(all).getStringSets()) {
      if (set.getName().getName().equals(name)) {
        texts.addAll(set.getAttempted().getStringSet());
      }
    }
    return texts;
  }
}
