package io.vitessbeam.pipelines.report;

import io.vitessbeam.RunProgress;
import io.vitessbeam.progress.StreamSnapshot;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;

/** The progress of a run that is watched, from now on. Used by one thread at a time. */
public final class WatchedProgress implements Supplier<Progress> {

  private final String what;
  private final RunProgress run;
  private final Clock clock;
  private final Instant started;
  private Instant lastTime;
  private long lastRows;

  public WatchedProgress(String what, RunProgress run) {
    this(what, run, Clock.systemUTC());
  }

  WatchedProgress(String what, RunProgress run, Clock clock) {
    this.what = what;
    this.run = run;
    this.clock = clock;
    this.started = clock.instant();
    this.lastTime = started;
  }

  /**
   * The rate of a load is that of all its time, and the one of a stream that since the last call.
   */
  @Override
  public Progress get() {
    StreamSnapshot stream = run.stream().snapshot();
    Instant now = clock.instant();
    long rows = run.rowsRead();
    if (stream.isEmpty()) {
      return new LoadProgress(
          what, rows, run.bytesRead(), Duration.between(started, now), run.rowsByShard());
    }
    long rate = Rates.perSecond(rows - lastRows, Duration.between(lastTime, now));
    lastTime = now;
    lastRows = rows;
    return new FollowingProgress(what, rows, rate, Duration.between(started, now), now, stream);
  }
}
