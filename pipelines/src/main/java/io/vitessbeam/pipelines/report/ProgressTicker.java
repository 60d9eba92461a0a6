package io.vitessbeam.pipelines.report;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/** Shows the progress of one run until it ends, on a thread of its own. */
public final class ProgressTicker {

  private final ProgressDisplay display;
  private final Supplier<Progress> progress;
  private final ScheduledExecutorService thread;
  private final AtomicBoolean ended = new AtomicBoolean();

  private ProgressTicker(ProgressDisplay display, Supplier<Progress> progress) {
    this.display = display;
    this.progress = progress;
    this.thread =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread created = new Thread(task, "progress");
              created.setDaemon(true);
              return created;
            });
  }

  public static ProgressTicker start(ProgressDisplay display, Supplier<Progress> progress) {
    ProgressTicker ticker = new ProgressTicker(display, progress);
    long millis = display.interval().toMillis();
    // If showing fails it stops, and the run goes on.
    ScheduledFuture<?> unused =
        ticker.thread.scheduleAtFixedRate(
            () -> display.show(progress.get()), millis, millis, TimeUnit.MILLISECONDS);
    return ticker;
  }

  /** Shows the end, and nothing after it. */
  public void end(boolean successful) {
    if (!ended.compareAndSet(false, true)) {
      return;
    }
    thread.shutdown();
    try {
      thread.awaitTermination(1, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    display.end(progress.get(), successful);
  }
}
