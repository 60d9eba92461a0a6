package io.vitessbeam.pipelines.watch;

import io.vitessbeam.RunProgress;
import io.vitessbeam.pipelines.IngestRequest;
import io.vitessbeam.pipelines.UsageException;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** The watch over one run of this process, from before it begins until it has ended. */
public final class Watch implements AutoCloseable {

  private final RunProgress progress;
  private final Optional<WatchServer> server;

  private Watch(RunProgress progress, Optional<WatchServer> server) {
    this.progress = progress;
    this.server = server;
  }

  /**
   * Begins to count for a run, and to show it.
   *
   * @param address {@code --metrics-addr}; null if it is not to be shown
   * @param flushInterval the longest time between two flushes of a run that never ends
   * @param err told where that is
   * @throws UsageException if it can't be shown there
   */
  public static Watch begin(
      String runId,
      IngestRequest request,
      String address,
      Duration flushInterval,
      PrintStream err) {
    RunProgress progress = RunProgress.watch(runId);
    try {
      Optional<WatchServer> server =
          Optional.ofNullable(address)
              .map(WatchAddress::parse)
              .map(
                  where ->
                      serve(
                          where,
                          new WatchedRun(
                              request.sourceName(),
                              request.destinationName(),
                              flushInterval,
                              Instant.now(),
                              progress),
                          err));
      return new Watch(progress, server);
    } catch (RuntimeException e) {
      progress.close();
      throw e;
    }
  }

  private static WatchServer serve(WatchAddress address, WatchedRun run, PrintStream err) {
    WatchServer server = WatchServer.start(address, run);
    err.println("ingest: this run can be watched at " + address.url(server.port()));
    return server;
  }

  public RunProgress progress() {
    return progress;
  }

  @Override
  public void close() {
    server.ifPresent(WatchServer::close);
    progress.close();
  }
}
