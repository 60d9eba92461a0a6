package io.vitessbeam.pipelines.flink;

import io.vitessbeam.pipelines.report.ClusterProgress;
import io.vitessbeam.pipelines.report.Progress;
import io.vitessbeam.pipelines.report.RunResult;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.beam.sdk.PipelineResult;
import org.apache.flink.runtime.execution.ExecutionState;
import org.apache.flink.runtime.rest.messages.job.JobDetailsInfo;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How far a job on a cluster is; the cluster is asked once a second. For one thread at a time. */
public final class JobProgress implements Supplier<Progress> {

  private static final Logger LOG = LoggerFactory.getLogger(JobProgress.class);
  private static final Duration ASKED_EVERY = Duration.ofSeconds(1);

  private final String what;
  private final FlinkJob job;
  private final PipelineResult result;
  private final long started = System.nanoTime();
  private long asked;
  private Progress last;

  /**
   * @param what it reads, for people
   * @param result has the counters of the job
   */
  public JobProgress(String what, FlinkJob job, PipelineResult result) {
    this.what = what;
    this.job = job;
    this.result = result;
    this.last = new ClusterProgress(what, "submitted", 0, 0, 0, Duration.ZERO);
    this.asked = started - ASKED_EVERY.toNanos();
  }

  /** The last that is known, where the cluster does not answer. */
  @Override
  public Progress get() {
    long now = System.nanoTime();
    if (now - asked >= ASKED_EVERY.toNanos()) {
      asked = now;
      try {
        last = ask(Duration.ofNanos(now - started));
      } catch (RuntimeException e) {
        LOG.debug("no progress of job {}", job.id(), e);
      }
    }
    return last;
  }

  private Progress ask(Duration elapsed) {
    JobDetailsInfo details = job.details();
    Map<ExecutionState, Integer> tasks = details.getJobVerticesPerState();
    return new ClusterProgress(
        what,
        details.getJobStatus().name().toLowerCase(Locale.ROOT),
        tasks.getOrDefault(ExecutionState.FINISHED, 0),
        tasks.values().stream().mapToInt(Integer::intValue).sum(),
        RunResult.counter(result.metrics(), "rows_read"),
        elapsed);
  }
}
