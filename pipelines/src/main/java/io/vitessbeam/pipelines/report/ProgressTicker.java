package io.vitessbeam.pipelines.report;

import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/** Shows the progress of one run until it ends, on a thread of its own. */
public final class ProgressTicker {

  private final ProgressDisplay display;
  private volatile Supplier<Progress> progress;
  private final ScheduledThreadPoolExecutor thread;
  private final AtomicBoolean ended = new AtomicBoolean();

  private ProgressTicker(ProgressDisplay display, Supplier<Progress> progress) {
    this.display = display;
    this.progress = progress;
    this.thread =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread created = new Thread(task, "progress");
              created.setDaemon(true);
              return created;
            });
    thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  public static ProgressTicker start(ProgressDisplay display, Supplier<Progress> progress) {
    ProgressTicker ticker = new ProgressTicker(display, progress);
    ticker.showAfter(display.interval());
    return ticker;
  }

  /** Shows something else from now on, after the same times. */
  public void shows(Supplier<Progress> other) {
    progress = other;
  }

  private void showAfter(Duration time) {
    // If showing fails it stops, and the run goes on.
    ScheduledFuture<?> unused = thread.schedule(this::show, time.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void show() {
    Progress now = progress.get();
    display.show(now);
    showAfter(now instanceof FollowingProgress ? display.streamInterval() : display.interval());
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
