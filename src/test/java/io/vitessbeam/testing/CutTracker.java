package io.vitessbeam.testing;

import org.apache.beam.sdk.transforms.splittabledofn.RestrictionTracker;
import org.apache.beam.sdk.transforms.splittabledofn.SplitResult;

/**
 * A tracker as a function sees it in a call during which the runner cuts the restriction. For one
 * thread.
 *
 * @param <R> restriction
 * @param <P> what is claimed
 */
public final class CutTracker<R, P> extends RestrictionTracker<R, P> {

  /** When the runner cuts. */
  public enum Cut {
    NEVER,

    /** Before the function looks at its restriction for the first time. */
    BEFORE_THE_CALL,

    /** Before some claim, which fails then if the cut can be made. */
    BEFORE_A_CLAIM,

    /** After some claim and before what was claimed is given out. */
    AFTER_A_CLAIM
  }

  private final RestrictionTracker<R, P> tracker;
  private final Cut cut;
  private final double fraction;
  private int claimsLeft;
  private boolean looked;
  private SplitResult<R> split;

  /**
   * @param claim before or after which claim of the call it is cut, from 1
   * @param fraction of what is left that the call is to do still
   */
  public CutTracker(RestrictionTracker<R, P> tracker, Cut cut, int claim, double fraction) {
    this.tracker = tracker;
    this.cut = cut;
    this.claimsLeft = claim;
    this.fraction = fraction;
  }

  /** What is left for other calls; null if there is nothing. */
  public R residual() {
    return split == null ? null : split.getResidual();
  }

  /** What runners do after a call that wants to be resumed and was not cut. */
  public void checkpoint() {
    if (split == null) {
      split = tracker.trySplit(0);
    }
  }

  private void cut() {
    if (split == null) {
      split = tracker.trySplit(fraction);
    }
  }

  @Override
  public boolean tryClaim(P position) {
    boolean now = --claimsLeft == 0;
    if (now && cut == Cut.BEFORE_A_CLAIM) {
      cut();
    }
    boolean claimed = tracker.tryClaim(position);
    if (now && claimed && cut == Cut.AFTER_A_CLAIM) {
      cut();
    }
    return claimed;
  }

  @Override
  public R currentRestriction() {
    if (!looked && cut == Cut.BEFORE_THE_CALL) {
      cut();
    }
    looked = true;
    return tracker.currentRestriction();
  }

  @Override
  public SplitResult<R> trySplit(double fractionOfRemainder) {
    throw new UnsupportedOperationException("a function doesn't split");
  }

  @Override
  public void checkDone() {
    tracker.checkDone();
  }

  @Override
  public IsBounded isBounded() {
    return tracker.isBounded();
  }
}
