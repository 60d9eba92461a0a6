package io.vitessbeam.read;

import org.apache.beam.sdk.transforms.splittabledofn.RestrictionTracker;
import org.apache.beam.sdk.transforms.splittabledofn.RestrictionTracker.HasProgress;
import org.apache.beam.sdk.transforms.splittabledofn.SplitResult;

/**
 * Tracks the reading of one range. A claim is the position behind a block, made after the block was
 * read and before it is given out; so the residual of a checkpoint always begins behind what was
 * given out.
 *
 * <p>A range can be cut where it stands (a checkpoint), never ahead: the key at a fraction of what
 * is left isn't known. Parallelism comes from the planned ranges. One that can't be read on from
 * its middle can't be cut there either, but before its first block.
 */
final class RangeTracker extends RestrictionTracker<RangePosition, RangePosition>
    implements HasProgress {

  private final long estimatedRows;
  private final boolean resumable;

  private RangePosition position;

  /**
   * @param resumable whether a later call can go on in the middle of the range
   */
  RangeTracker(RangePosition position, long estimatedRows, boolean resumable) {
    this.position = position;
    this.estimatedRows = estimatedRows;
    this.resumable = resumable;
  }

  @Override
  public synchronized boolean tryClaim(RangePosition next) {
    if (position.done()) {
      return false;
    }
    if (next.rows() < position.rows() || next.blocks() < position.blocks()) {
      throw new IllegalArgumentException("claimed " + next + " after " + position);
    }
    position = next;
    return true;
  }

  @Override
  public synchronized RangePosition currentRestriction() {
    return position;
  }

  @Override
  public synchronized SplitResult<RangePosition> trySplit(double fractionOfRemainder) {
    boolean here = resumable || position.isStart();
    if (position.done() || fractionOfRemainder > 0 || !here) {
      return null;
    }
    RangePosition residual = position;
    position = position.finished();
    return SplitResult.of(position, residual);
  }

  @Override
  public synchronized void checkDone() {
    if (!position.done()) {
      throw new IllegalStateException("the range was left at " + position);
    }
  }

  @Override
  public IsBounded isBounded() {
    return IsBounded.BOUNDED;
  }

  @Override
  public synchronized Progress getProgress() {
    double left = position.done() ? 0 : Math.max(1, estimatedRows - position.rows());
    return Progress.from((double) position.rows(), left);
  }
}
