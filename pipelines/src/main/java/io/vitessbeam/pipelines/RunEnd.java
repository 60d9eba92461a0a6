package io.vitessbeam.pipelines;

import io.vitessbeam.pipelines.flink.FlinkClient;
import io.vitessbeam.pipelines.flink.FlinkJob;
import io.vitessbeam.pipelines.flink.JobProgress;
import io.vitessbeam.pipelines.report.ProgressTicker;
import io.vitessbeam.pipelines.report.Submitted;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.metrics.MetricResults;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.StreamingOptions;

/** How a run ends, or is left to a cluster. */
final class RunEnd {

  private RunEnd() {}

  /**
   * Waits for a good end.
   *
   * @param source what it reads, for people
   * @param ticker shows what a cluster tells of the job
   * @return the counters of the run
   * @throws RuntimeException with the reason, if it is a bad one
   */
  static MetricResults await(
      String source, PipelineResult result, PipelineOptions options, ProgressTicker ticker) {
    try (FlinkJob job =
        FlinkClient.submitted(result) ? FlinkJob.of(result, options).orElse(null) : null) {
      if (job != null) {
        ticker.shows(new JobProgress(source, job, result));
      }
      PipelineResult.State state = result.waitUntilFinish();
      if (state != PipelineResult.State.DONE) {
        Throwable reason = job == null ? null : job.failure().orElse(null);
        throw new IllegalStateException("the runner ended the job as " + state, reason);
      }
      return job == null ? result.metrics() : job.metrics();
    }
  }

  /**
   * Waits until a cluster works on the job.
   *
   * @param source what it reads, for people
   * @throws RuntimeException with the reason, if it has failed by then
   */
  static Submitted leave(String source, PipelineResult result, PipelineOptions options) {
    try (FlinkJob job = FlinkJob.of(result, options).orElseThrow()) {
      job.awaitRunning();
      boolean streaming = options.as(StreamingOptions.class).isStreaming();
      return new Submitted(source, job.id(), job.address(), streaming);
    }
  }
}
