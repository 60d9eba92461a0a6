package io.vitessbeam.vstream;

import io.vitessbeam.vstream.position.StreamPosition;
import java.time.Clock;
import java.time.Duration;
import org.apache.beam.sdk.transforms.splittabledofn.RestrictionTracker;
import org.apache.beam.sdk.transforms.splittabledofn.RestrictionTracker.HasProgress;
import org.apache.beam.sdk.transforms.splittabledofn.SplitResult;

/**
 * Tracks the reading of one shard's stream. A claim is the position behind whole transactions (or a
 * part of a large one), made after they have come and before they are given out; so the residual of
 * a checkpoint always begins behind what was given out.
 *
 * <p>A stream can be cut where it stands (a checkpoint), never ahead: the position at a fraction of
 * what is left isn't known. Parallelism comes from the shards.
 */
final class StreamTracker extends RestrictionTracker<StreamPosition, StreamTracker.Claim>
    implements HasProgress {

  /**
   * What is claimed at once.
   *
   * @param after position behind what is to be given out
   * @param commitMillis when the last of it was committed; 0 if unknown
   */
  public record Claim(StreamPosition after, long commitMillis) {}

  private final IsBounded bounded;
  private final Clock clock;

  private StreamPosition position;
  private long lagSeconds;

  StreamTracker(StreamPosition position, IsBounded bounded) {
    this(position, bounded, Clock.systemUTC());
  }

  StreamTracker(StreamPosition position, IsBounded bounded, Clock clock) {
    this.position = position;
    this.bounded = bounded;
    this.clock = clock;
  }

  @Override
  public synchronized boolean tryClaim(Claim claim) {
    if (position.done()) {
      return false;
    }
    StreamPosition next = claim.after();
    boolean copiesAgain = position.copied() && !next.copied();
    if (next.rows() < position.rows() || next.blocks() < position.blocks() || copiesAgain) {
      throw new IllegalArgumentException("claimed " + next + " after " + position);
    }
    position = next;
    if (claim.commitMillis() > 0) {
      lagSeconds = Duration.ofMillis(clock.millis() - claim.commitMillis()).toSeconds();
    }
    return true;
  }

  @Override
  public synchronized StreamPosition currentRestriction() {
    return position;
  }

  @Override
  public synchronized SplitResult<StreamPosition> trySplit(double fractionOfRemainder) {
    if (position.done() || fractionOfRemainder > 0) {
      return null;
    }
    StreamPosition residual = position;
    position = position.finished();
    return SplitResult.of(position, residual);
  }

  @Override
  public synchronized void checkDone() {
    if (!position.done()) {
      throw new IllegalStateException("the stream was left at " + position);
    }
  }

  @Override
  public IsBounded isBounded() {
    return bounded;
  }

  /**
   * What is left is the lag, in seconds, of what was claimed last. Not the time since then: a shard
   * on which nobody writes is not behind.
   */
  @Override
  public synchronized Progress getProgress() {
    return Progress.from(
        (double) position.rows(), position.done() ? 0 : (double) Math.max(1, lagSeconds));
  }
}
