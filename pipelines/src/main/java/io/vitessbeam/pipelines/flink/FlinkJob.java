package io.vitessbeam.pipelines.flink;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.beam.runners.core.metrics.MetricsContainerStepMap;
import org.apache.beam.runners.flink.FlinkPipelineOptions;
import org.apache.beam.runners.flink.metrics.FlinkMetricContainer;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.metrics.MetricResults;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.flink.api.common.JobID;
import org.apache.flink.client.deployment.StandaloneClusterId;
import org.apache.flink.client.program.rest.RestClusterClient;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.GlobalConfiguration;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.runtime.client.JobExecutionException;
import org.apache.flink.runtime.client.JobStatusMessage;
import org.apache.flink.runtime.execution.ExecutionState;
import org.apache.flink.runtime.rest.messages.job.JobDetailsInfo;

/**
 * A job that this process has submitted to a Flink cluster: what Beam's result of it does not tell.
 * Asks the cluster by REST. Safe for threads.
 */
public final class FlinkJob implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final long LOOK_EVERY_MILLIS = 200;

  /** Of a step that is to run at once, and does not yet. */
  private static final Set<ExecutionState> STARTING =
      Set.of(ExecutionState.SCHEDULED, ExecutionState.DEPLOYING, ExecutionState.INITIALIZING);

  private final RestClusterClient<StandaloneClusterId> cluster;
  private final JobID id;

  private FlinkJob(RestClusterClient<StandaloneClusterId> cluster, JobID id) {
    this.cluster = cluster;
    this.id = id;
  }

  /**
   * Of a result that Flink's runner gave without waiting; empty if the job runs in this process.
   */
  public static Optional<FlinkJob> of(PipelineResult result, PipelineOptions options) {
    FlinkPipelineOptions flink = options.as(FlinkPipelineOptions.class);
    boolean embedded = flink.getFlinkMaster().startsWith("[") && !FlinkClient.startedThis();
    if (!FlinkClient.submitted(result) || embedded) {
      return Optional.empty();
    }
    RestClusterClient<StandaloneClusterId> cluster = connect(configuration(flink));
    // Beam keeps the id to itself. Its names are unique, unless the user gives one twice.
    JobID id =
        get(cluster.listJobs()).stream()
            .filter(job -> job.getJobName().equals(flink.getJobName()))
            .max(Comparator.comparingLong(JobStatusMessage::getStartTime))
            .map(JobStatusMessage::getJobId)
            .orElseThrow(() -> new IllegalStateException("Flink has forgotten the job"));
    return Optional.of(new FlinkJob(cluster, id));
  }

  private static Configuration configuration(FlinkPipelineOptions options) {
    if (FlinkClient.startedThis()) {
      return FlinkClient.configuration();
    }
    Configuration configuration =
        options.getFlinkConfDir() == null
            ? GlobalConfiguration.loadConfiguration()
            : GlobalConfiguration.loadConfiguration(options.getFlinkConfDir());
    // With a scheme or without, as Beam takes it.
    URI master = URI.create("http://" + options.getFlinkMaster().replaceFirst("^https?://", ""));
    configuration.set(RestOptions.ADDRESS, master.getHost());
    if (master.getPort() >= 0) {
      configuration.set(RestOptions.PORT, master.getPort());
    }
    return configuration;
  }

  private static RestClusterClient<StandaloneClusterId> connect(Configuration configuration) {
    try {
      return new RestClusterClient<>(configuration, StandaloneClusterId.getInstance());
    } catch (Exception e) {
      throw new IllegalStateException("no client for the Flink cluster", e);
    }
  }

  public String id() {
    return id.toString();
  }

  /** Of Flink's pages and its REST API. */
  public String address() {
    return cluster.getWebInterfaceURL();
  }

  /**
   * Waits until the job does something, or has ended.
   *
   * @throws RuntimeException with the reason, if it has failed
   */
  public void awaitRunning() {
    while (true) {
      JobDetailsInfo job = details();
      if (job.getJobStatus().isGloballyTerminalState()) {
        failure()
            .ifPresent(
                reason -> {
                  throw new IllegalStateException("the job failed", reason);
                });
        return;
      }
      if (works(job.getJobVerticesPerState())) {
        return;
      }
      pause();
    }
  }

  JobDetailsInfo details() {
    return get(cluster.getJobDetails(id));
  }

  /** Steps of a batch job that wait for others count neither way. */
  private static boolean works(Map<ExecutionState, Integer> steps) {
    return steps.getOrDefault(ExecutionState.RUNNING, 0) > 0
        && STARTING.stream().allMatch(state -> steps.getOrDefault(state, 0) == 0);
  }

  /** Why the job has failed; empty if it has not. To be asked when it has ended. */
  public Optional<Throwable> failure() {
    return get(cluster.requestJobResult(id))
        .getSerializedThrowable()
        .map(reason -> reason.deserializeError(FlinkJob.class.getClassLoader()));
  }

  /**
   * All counters of a job that has ended well. Those that Beam's result tells are up to three
   * seconds old, as Flink keeps what it shows.
   */
  public MetricResults metrics() {
    try {
      Object metrics =
          get(cluster.requestJobResult(id))
              .toJobExecutionResult(FlinkJob.class.getClassLoader())
              .getAccumulatorResult(FlinkMetricContainer.ACCUMULATOR_NAME);
      return MetricsContainerStepMap.asAttemptedOnlyMetricResults(
          metrics == null ? new MetricsContainerStepMap() : (MetricsContainerStepMap) metrics);
    } catch (JobExecutionException | IOException | ClassNotFoundException e) {
      throw new IllegalStateException("the counters of job " + id + " can't be read", e);
    }
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the job started", e);
    }
  }

  private static <T> T get(CompletableFuture<T> answer) {
    try {
      return answer.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the Flink cluster was asked", e);
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException("the Flink cluster does not answer", e);
    }
  }

  @Override
  public void close() {
    cluster.close();
  }
}
