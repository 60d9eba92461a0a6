package io.vitessbeam.vstream.wire;

import io.vitessbeam.TransientException;
import io.vitessbeam.vstream.position.GtidSet;
import io.vitessbeam.vstream.position.ShardStream;
import io.vitessbeam.vstream.position.StreamPosition;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Judges whether a stream stands still while there is something to come. Only what comes from the
 * shard counts: vtgate sends heartbeats also while it has no tablet to stream from.
 *
 * <p>But vtgate sends nothing of a transaction before its COMMIT, however long it takes to gather
 * it. So a stream that vtgate keeps alive, of a shard whose primary answers, has a multiple of the
 * time: had vtgate no tablet for it, it would have said so after 90 seconds.
 */
public final class Stall {

  private static final Logger LOG = LoggerFactory.getLogger(Stall.class);

  /** How many times as long a transaction may be gathered as a stream may be silent. */
  static final int GATHERING = 10;

  /** How often a question is asked, within the time for which a stream may stand still. */
  private static final int QUESTIONS = 20;

  private final ShardStream stream;
  private final Supplier<GtidSet> executed;
  private final LongSupplier nanoTime;
  private final long mostNanos;

  /** What an endless stream has to reach, when it has been asked for; null before that. */
  private GtidSet goal;

  private long lastSteps;
  private long sinceNanos;
  private long heardNanos;

  /** When the shard was asked last, and since when it has not answered; null for not. */
  private Long askedNanos;

  private Long unansweredNanos;

  /** Why the stream broke last, since anything new came; null if it didn't. */
  private TransientException failure;

  /**
   * @param executed asks the shard's primary for its executed transactions
   */
  public Stall(ShardStream stream, Supplier<GtidSet> executed) {
    this(stream, executed, System::nanoTime);
  }

  public Stall(ShardStream stream, Supplier<GtidSet> executed, LongSupplier nanoTime) {
    this.stream = stream;
    this.executed = executed;
    this.nanoTime = nanoTime;
    this.mostNanos = stream.stall().toNanos();
    this.sinceNanos = nanoTime.getAsLong();
    this.heardNanos = sinceNanos - mostNanos;
  }

  /** To be called when vtgate sent anything. */
  public void heard() {
    heardNanos = nanoTime.getAsLong();
  }

  /**
   * Whether there was something new from the shard since the last call.
   *
   * @param steps counts what the stream brings that it did not bring before
   */
  public boolean isProgress(long steps) {
    if (steps == lastSteps) {
      return false;
    }
    lastSteps = steps;
    restart();
    return true;
  }

  /** To be called when the stream was not read for a while. */
  public void restart() {
    sinceNanos = nanoTime.getAsLong();
    goal = null;
    askedNanos = null;
    unansweredNanos = null;
    failure = null;
  }

  /**
   * Fails if nothing came for too long. A stream without an end may be silent for as long as its
   * shard is: what the shard has executed when the time is over has to come in the same time again.
   *
   * @param last why it has just failed, null if it is open
   * @throws TransientException with the position
   */
  public void check(StreamPosition position, TransientException last) {
    if (last != null) {
      failure = last;
    }
    long still = nanoTime.getAsLong() - sinceNanos;
    if (still <= mostNanos || !isBehind(position) || (last == null && isGathered(still))) {
      return;
    }
    throw new TransientException(
        "Streaming "
            + stream.describe()
            + " has stood still for "
            + still / 1_000_000_000
            + " s at "
            + (position.gtid().isEmpty() ? "the begin of its copy" : position.gtid())
            + ", while the shard was at "
            + (stream.until().isEmpty()
                ? goal + " already"
                : stream.until() + " when the run began")
            + ". Check that the shard's tablets serve; if its binary logs were"
            + " purged, begin again with a copy; if a transaction takes this long, give it a longer"
            + " stall timeout"
            + (failure == null ? "" : ". It failed last with: " + failure.getMessage()),
        failure);
  }

  private boolean isBehind(StreamPosition position) {
    if (!stream.until().isEmpty()) {
      return true;
    }
    GtidSet before = goal;
    if (before == null) {
      GtidSet now = ask();
      if (now != null) {
        restart();
        goal = now;
      }
      return false;
    }
    if (!position.gtid().isEmpty() && GtidSet.parse(position.gtid()).contains(before)) {
      restart();
      return false;
    }
    return true;
  }

  /** Whether vtgate may be gathering a transaction. */
  private boolean isGathered(long still) {
    boolean alive = nanoTime.getAsLong() - heardNanos < mostNanos;
    if (!alive || still > GATHERING * mostNanos) {
      return false;
    }
    return isAsked() ? unansweredNanos == null : ask() != null;
  }

  private boolean isAsked() {
    return askedNanos != null && nanoTime.getAsLong() - askedNanos < mostNanos / QUESTIONS;
  }

  /**
   * Null if there is no answer now: vtgate's MySQL port may be away for a moment, while the stream
   * is as it should be.
   *
   * @throws TransientException if there was none for too long
   */
  private GtidSet ask() {
    if (isAsked()) {
      return null;
    }
    long now = nanoTime.getAsLong();
    askedNanos = now;
    try {
      GtidSet answer = executed.get();
      unansweredNanos = null;
      return answer;
    } catch (TransientException e) {
      if (unansweredNanos == null) {
        unansweredNanos = now;
        LOG.warn(
            "{} is silent, and its primary doesn't answer: {}", stream.describe(), e.getMessage());
      }
      if (now - unansweredNanos > mostNanos) {
        throw e;
      }
      return null;
    }
  }
}
