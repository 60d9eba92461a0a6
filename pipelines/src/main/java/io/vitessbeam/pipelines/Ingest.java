package io.vitessbeam.pipelines;

import io.vitessbeam.RunProgress;
import io.vitessbeam.pipelines.report.ProgressDisplay;
import io.vitessbeam.pipelines.report.ProgressTicker;
import io.vitessbeam.pipelines.report.RunResult;
import io.vitessbeam.pipelines.report.Summary;
import io.vitessbeam.pipelines.report.WatchedProgress;
import io.vitessbeam.pipelines.watch.Watch;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.metrics.MetricResults;
import org.apache.beam.sdk.options.PipelineOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One run of one request, all or nothing: the destination is as before, or as after. */
public final class Ingest {

  private static final Logger LOG = LoggerFactory.getLogger(Ingest.class);

  private final IngestRequest request;
  private final PipelineOptions options;
  private final ProgressDisplay display;
  private final String runId;
  private final RunProgress progress;
  private final WatchedProgress shown;
  private final long started = System.nanoTime();

  private Ingest(
      IngestRequest request,
      PipelineOptions options,
      ProgressDisplay display,
      String runId,
      RunProgress progress) {
    this.request = request;
    this.options = options;
    this.display = display;
    this.runId = runId;
    this.progress = progress;
    this.shown = new WatchedProgress(request.sourceName(), progress);
  }

  /** Runs it once; a run without an end as often as it has to begin again, until it is stopped. */
  public static Summary run(
      IngestRequest request, PipelineOptions options, ProgressDisplay display) {
    String runId = newRunId();
    IngestOptions told = options.as(IngestOptions.class);
    Duration flushInterval = new Wanted(told).flushInterval();
    try (Watch watch =
        Watch.begin(runId, request, told.getMetricsAddr(), flushInterval, display.err())) {
      RunProgress progress = watch.progress();
      Ingest ingest = new Ingest(request, options, display, runId, progress);
      return request.isStream()
          ? new Epochs(
                  held -> ingest.run(request.holding(held)),
                  () -> request.stop(runId),
                  progress.stream(),
                  display.err())
              .run()
          : ingest.run(request);
    }
  }

  private Summary run(IngestRequest now) {
    Pipeline pipeline = Pipeline.create(options);
    now.addTo(pipeline, runId);
    LOG.debug("run {} of {}", runId, request.sourceName());
    ProgressTicker ticker = ProgressTicker.start(display, shown);
    Cancellation cancellation =
        Cancellation.onSignal(
            () -> {
              ticker.end(false);
              abort();
              display.err().println("ingest: cancelled");
            });
    boolean successful = false;
    try {
      PipelineResult result = pipeline.run();
      cancellation.cancels(result);
      if (options.as(IngestOptions.class).isDetached()) {
        Summary submitted = RunEnd.leave(request.sourceName(), result, options);
        successful = true;
        return submitted;
      }
      MetricResults metrics = RunEnd.await(request.sourceName(), result, options, ticker);
      Summary summary = request.summary(new RunResult(metrics, progress, elapsed()));
      successful = true;
      return summary;
    } catch (RuntimeException | Error failure) {
      cancellation.awaitIfSignalled();
      try {
        abort();
      } catch (RuntimeException e) {
        failure.addSuppressed(e);
      }
      throw failure;
    } finally {
      ticker.end(successful);
      cancellation.close();
    }
  }

  private void abort() {
    request.abort(runId);
  }

  private Duration elapsed() {
    return Duration.ofNanos(System.nanoTime() - started);
  }

  /** Sorts by time and is safe in a table name. */
  private static String newRunId() {
    return Long.toString(System.currentTimeMillis(), Character.MAX_RADIX)
        + "%06x".formatted(ThreadLocalRandom.current().nextInt(1 << 24));
  }
}
