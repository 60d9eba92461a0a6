package io.vitessbeam.vstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.vitessbeam.vstream.position.StreamPosition;
import io.vitessbeam.vstream.position.StreamPositionCoder;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.apache.beam.sdk.testing.CoderProperties;
import org.apache.beam.sdk.transforms.splittabledofn.RestrictionTracker.IsBounded;
import org.apache.beam.sdk.transforms.splittabledofn.RestrictionTracker.Progress;
import org.apache.beam.sdk.transforms.splittabledofn.SplitResult;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StreamTrackerTest {

  private static final long NOW = 1_700_000_000_000L;
  private static final Clock CLOCK = Clock.fixed(Instant.ofEpochMilli(NOW), ZoneOffset.UTC);

  /** What a runner, or the stream, does next. */
  private enum Step {
    TRANSACTION,
    POSITION_ONLY,
    CHECKPOINT,
    CHECKPOINT_TWICE,
    SPLIT_AHEAD
  }

  /**
   * Follows a stream that ends after some transactions under any sequence of claims and splits, and
   * goes on with every residual: each transaction is claimed once and in order, and every piece
   * ends done.
   */
  @Property
  void everyTransactionIsClaimedOnce(
      @ForAll @IntRange(max = 8) int transactions, @ForAll @Size(max = 30) List<Step> steps)
      throws Exception {
    StreamPosition whole = StreamPosition.at("MySQL56/s:1-10");
    StreamTracker tracker = new StreamTracker(whole, IsBounded.BOUNDED, CLOCK);
    List<String> claimed = new ArrayList<>();
    for (Step step : steps) {
      StreamPosition before = tracker.currentRestriction();
      switch (step) {
        case TRANSACTION, POSITION_ONLY -> {
          int next = claimed.size();
          boolean last = next == transactions;
          StreamPosition after =
              last ? before.finished() : moved(before, next, step == Step.TRANSACTION ? 3 : 0);
          if (tracker.tryClaim(new StreamTracker.Claim(after, 0))) {
            if (!last) {
              claimed.add(after.gtid());
            }
            assertThat(tracker.currentRestriction()).isEqualTo(after);
          } else {
            assertThat(before.done()).isTrue();
          }
        }
        case SPLIT_AHEAD -> {
          assertThat(tracker.trySplit(0.5)).isNull();
          assertThat(tracker.currentRestriction()).isEqualTo(before);
        }
        case CHECKPOINT, CHECKPOINT_TWICE -> {
          SplitResult<StreamPosition> split = tracker.trySplit(0);
          if (before.done()) {
            assertThat(split).isNull();
            continue;
          }
          // The primary has all that was claimed, the residual all that was not.
          assertThat(split.getPrimary()).isEqualTo(before.finished());
          assertThat(split.getResidual()).isEqualTo(before);
          assertThat(tracker.currentRestriction()).isEqualTo(split.getPrimary());
          assertThatCode(tracker::checkDone).doesNotThrowAnyException();
          assertThat(tracker.tryClaim(new StreamTracker.Claim(moved(before, 99, 1), 0))).isFalse();
          assertThat(tracker.trySplit(0)).isNull();
          CoderProperties.coderDecodeEncodeEqual(StreamPositionCoder.of(), split.getResidual());
          tracker = new StreamTracker(split.getResidual(), IsBounded.BOUNDED, CLOCK);
          if (step == Step.CHECKPOINT_TWICE) {
            SplitResult<StreamPosition> again = tracker.trySplit(0);
            assertThat(again.getResidual()).isEqualTo(before);
            tracker = new StreamTracker(again.getResidual(), IsBounded.BOUNDED, CLOCK);
          }
        }
      }
    }
    for (int i = 0; i < claimed.size(); i++) {
      assertThat(claimed.get(i)).isEqualTo(gtid(i));
    }
    assertThat(tracker.currentRestriction().gtid())
        .isEqualTo(claimed.isEmpty() ? whole.gtid() : gtid(claimed.size() - 1));
    assertDoneOnlyAtTheEnd(tracker);
  }

  private static StreamPosition moved(StreamPosition from, int transaction, int rows) {
    return new StreamPosition(
        gtid(transaction),
        ByteString.EMPTY,
        true,
        0,
        from.blocks() + (rows > 0 ? 1 : 0),
        from.rows() + rows,
        Map.of(),
        false);
  }

  private static String gtid(int transaction) {
    return "MySQL56/s:1-" + (11 + transaction);
  }

  private static void assertDoneOnlyAtTheEnd(StreamTracker tracker) {
    if (tracker.currentRestriction().done()) {
      assertThatCode(tracker::checkDone).doesNotThrowAnyException();
    } else {
      assertThatThrownBy(tracker::checkDone)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("the stream was left at");
    }
  }

  @Test
  void claimsDoNotGoBack() {
    StreamPosition from = moved(moved(StreamPosition.at(""), 1, 3), 2, 3);
    StreamTracker tracker = new StreamTracker(from, IsBounded.UNBOUNDED, CLOCK);

    for (StreamPosition back : List.of(moved(StreamPosition.at(""), 1, 6), StreamPosition.copy())) {
      assertThatThrownBy(() -> tracker.tryClaim(new StreamTracker.Claim(back, 0)))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThat(tracker.currentRestriction()).isEqualTo(from);
  }

  @Test
  void aCopyThatIsCompleteDoesNotBeginAgain() {
    StreamTracker tracker = new StreamTracker(StreamPosition.at("s:1"), IsBounded.UNBOUNDED, CLOCK);

    assertThatThrownBy(() -> tracker.tryClaim(new StreamTracker.Claim(StreamPosition.copy(), 0)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @EnumSource(IsBounded.class)
  void boundedOrNot(IsBounded kind) {
    assertThat(new StreamTracker(StreamPosition.copy(), kind).isBounded()).isEqualTo(kind);
  }

  @Test
  void whatIsLeftIsTheLagOfTheLastClaim() {
    StreamTracker tracker = new StreamTracker(StreamPosition.at(""), IsBounded.UNBOUNDED, CLOCK);
    assertProgress(tracker.getProgress(), 0, 1);

    claim(tracker, 40, NOW - 90_000);
    assertProgress(tracker.getProgress(), 40, 90);

    // Nothing is known of the time of this one.
    claim(tracker, 2, 0);
    assertProgress(tracker.getProgress(), 42, 90);

    // The server's clock may be ahead of ours.
    claim(tracker, 0, NOW + 5_000);
    assertProgress(tracker.getProgress(), 42, 1);

    tracker.trySplit(0);
    assertProgress(tracker.getProgress(), 42, 0);
  }

  private static void claim(StreamTracker tracker, int rows, long commitMillis) {
    StreamPosition after = moved(tracker.currentRestriction(), 1, rows);
    assertThat(tracker.tryClaim(new StreamTracker.Claim(after, commitMillis))).isTrue();
  }

  private static void assertProgress(Progress progress, double done, double left) {
    assertThat(progress.getWorkCompleted()).isEqualTo(done);
    assertThat(progress.getWorkRemaining()).isEqualTo(left);
  }
}
