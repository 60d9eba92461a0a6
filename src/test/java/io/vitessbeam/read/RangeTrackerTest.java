package io.vitessbeam.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitessbeam.read.ranges.KeyBound;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.testing.CoderProperties;
import org.apache.beam.sdk.transforms.splittabledofn.RestrictionTracker.IsBounded;
import org.apache.beam.sdk.transforms.splittabledofn.RestrictionTracker.Progress;
import org.apache.beam.sdk.transforms.splittabledofn.SplitResult;
import org.junit.jupiter.api.Test;

class RangeTrackerTest {

  private static final int ROWS_PER_BLOCK = 100;

  /** What a runner does between two claims. */
  private enum Step {
    CLAIM,
    CHECKPOINT,
    SPLIT_AHEAD
  }

  /**
   * Reads a range of some blocks under any sequence of claims and splits, and goes on with every
   * residual: each block is claimed once and in order, and every piece ends done.
   */
  @Property
  void everyBlockIsClaimedOnce(
      @ForAll @IntRange(max = 6) int blocks, @ForAll @Size(max = 20) List<Step> steps)
      throws Exception {
    RangePosition from = RangePosition.START;
    RangeTracker tracker = new RangeTracker(from, 600, true);
    int claimed = 0;
    for (Step step : steps) {
      RangePosition before = tracker.currentRestriction();
      switch (step) {
        case CLAIM -> {
          boolean last = claimed == blocks;
          RangePosition next =
              last ? before.finished() : before.after(ROWS_PER_BLOCK, key(claimed));
          if (tracker.tryClaim(next)) {
            claimed += last ? 0 : 1;
            assertThat(tracker.currentRestriction()).isEqualTo(next);
          } else {
            assertThat(before.done()).isTrue();
          }
        }
        case SPLIT_AHEAD -> {
          assertThat(tracker.trySplit(0.5)).isNull();
          assertThat(tracker.currentRestriction()).isEqualTo(before);
        }
        case CHECKPOINT -> {
          SplitResult<RangePosition> split = tracker.trySplit(0);
          if (before.done()) {
            assertThat(split).isNull();
          } else {
            // The primary has all that was claimed, the residual all that was not.
            assertThat(split.getPrimary()).isEqualTo(before.finished());
            assertThat(split.getResidual()).isEqualTo(before);
            assertThatCode(tracker::checkDone).doesNotThrowAnyException();
            assertThat(tracker.tryClaim(before.after(1, key(9)))).isFalse();
            assertThat(tracker.trySplit(0)).isNull();
            CoderProperties.coderDecodeEncodeEqual(
                SerializableCoder.of(RangePosition.class), split.getResidual());
            tracker = new RangeTracker(split.getResidual(), 600, true);
          }
        }
      }
    }
    RangePosition position = tracker.currentRestriction();
    assertThat(position.blocks()).isEqualTo(claimed);
    assertThat(position.rows()).isEqualTo((long) claimed * ROWS_PER_BLOCK);
    if (claimed > 0) {
      assertThat(position.last()).isEqualTo(key(claimed - 1));
    }
    assertDoneOnlyAtTheEnd(tracker);
  }

  private static void assertDoneOnlyAtTheEnd(RangeTracker tracker) {
    if (tracker.currentRestriction().done()) {
      assertThatCode(tracker::checkDone).doesNotThrowAnyException();
    } else {
      assertThatThrownBy(tracker::checkDone)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("the range was left at");
    }
  }

  private static KeyBound key(int block) {
    return new KeyBound(List.of(String.valueOf(block)));
  }

  @Test
  void claimsDoNotGoBack() {
    RangeTracker tracker = new RangeTracker(RangePosition.START.after(10, key(1)), 100, true);

    assertThatThrownBy(() -> tracker.tryClaim(RangePosition.START.after(5, key(0))))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void whatCannotBeResumedIsCutOnlyBeforeItsBegin() {
    RangeTracker tracker = new RangeTracker(RangePosition.START, 100, false);
    SplitResult<RangePosition> split = tracker.trySplit(0);
    assertThat(split.getPrimary()).isEqualTo(RangePosition.START.finished());
    assertThat(split.getResidual()).isEqualTo(RangePosition.START);

    RangeTracker begun = new RangeTracker(split.getResidual(), 100, false);
    assertThat(begun.tryClaim(RangePosition.START.after(10, KeyBound.NONE))).isTrue();
    assertThat(begun.trySplit(0)).isNull();
    assertThat(begun.trySplit(0.5)).isNull();
    assertThat(begun.tryClaim(begun.currentRestriction().finished())).isTrue();
    assertThatCode(begun::checkDone).doesNotThrowAnyException();
  }

  @Test
  void progress() {
    RangeTracker tracker = new RangeTracker(RangePosition.START, 100, true);
    assertThat(tracker.isBounded()).isEqualTo(IsBounded.BOUNDED);
    assertProgress(tracker.getProgress(), 0, 100);

    tracker.tryClaim(RangePosition.START.after(40, key(1)));
    assertProgress(tracker.getProgress(), 40, 60);

    // The estimate was too low, and there may be more.
    tracker.tryClaim(tracker.currentRestriction().after(90, key(2)));
    assertProgress(tracker.getProgress(), 130, 1);

    tracker.tryClaim(tracker.currentRestriction().finished());
    assertProgress(tracker.getProgress(), 130, 0);
  }

  private static void assertProgress(Progress progress, double done, double left) {
    assertThat(progress.getWorkCompleted()).isEqualTo(done);
    assertThat(progress.getWorkRemaining()).isEqualTo(left);
  }
}
