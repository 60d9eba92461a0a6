package io.vitessbeam.pipelines;

import io.vitessbeam.RunProgress;
import io.vitessbeam.VitessWrite;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.metrics.MetricResult;
import org.apache.beam.sdk.metrics.MetricsFilter;
import org.apache.beam.sdk.options.PipelineOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One run of one request, all or nothing: the destination is as before, or as after. */
final class Ingest {

  private static final Logger LOG = LoggerFactory.getLogger(Ingest.class);

  private final IngestRequest request;
  private final PipelineOptions options;
  private final ProgressDisplay display;
  private final String runId = newRunId();
  private final long started = System.nanoTime();

  private Ingest(IngestRequest request, PipelineOptions options, ProgressDisplay display) {
    this.request = request;
    this.options = options;
    this.display = display;
  }

  static Loaded run(IngestRequest request, PipelineOptions options, ProgressDisplay display) {
    return new Ingest(request, options, display).run();
  }

  private Loaded run() {
    Pipeline pipeline = Pipeline.create(options);
    // The read looks host, password, table and columns up when it is applied, so that its errors
    // come before there is anything at the destination.
    pipeline
        .apply("Read", request.read().withRunId(runId).blocks())
        .apply("Write", request.write(runId));
    LOG.debug("run {} of {}", runId, request.sourceName());
    ProgressTicker ticker = ProgressTicker.start(display, this::progress);
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
      requireDone(result.waitUntilFinish());
      Loaded loaded = loaded(result);
      successful = true;
      return loaded;
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
      RunProgress.forget(runId);
    }
  }

  private void abort() {
    VitessWrite.abort(request.destination(), runId);
  }

  private static void requireDone(PipelineResult.State state) {
    if (state != PipelineResult.State.DONE) {
      throw new IllegalStateException("the runner ended the job as " + state + ", see its log");
    }
  }

  private Loaded loaded(PipelineResult result) {
    return new Loaded(
        request.sourceName(),
        request.destination().path(),
        request.destinationTable(),
        rowsPublished(result),
        elapsed());
  }

  /** A runner leaves out a counter that nothing was added to. */
  private static long rowsPublished(PipelineResult result) {
    long published = counter(result, "rows_published");
    long read = counter(result, "rows_read");
    if (published == 0 && read > 0) {
      throw new IllegalStateException(
          Rates.count(read) + " rows were read, but the runner reports none as published");
    }
    return published;
  }

  private static long counter(PipelineResult result, String name) {
    MetricsFilter all = MetricsFilter.builder().build();
    long sum = 0;
    for (MetricResult<Long> counter : result.metrics().queryMetrics(all).getCounters()) {
      if (counter.getName().getName().equals(name)) {
        sum += counter.getAttempted();
      }
    }
    return sum;
  }

  private Progress progress() {
    RunProgress progress = RunProgress.of(runId);
    return new Progress(
        request.sourceName(),
        progress.rowsRead(),
        progress.bytesRead(),
        elapsed(),
        progress.rowsByShard());
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
