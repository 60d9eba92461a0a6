package io.vitessbeam.vstream.wire;

import static io.vitessbeam.vstream.follow.StreamFixture.gtid;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitessbeam.TransientException;
import io.vitessbeam.vstream.follow.StreamFixture;
import io.vitessbeam.vstream.position.GtidSet;
import io.vitessbeam.vstream.position.ShardStream;
import io.vitessbeam.vstream.position.StreamPosition;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** When a stream stands still, by a clock that the test moves. */
class StallTest {

  private static final StreamPosition THREE = StreamPosition.at(gtid(3));

  private final TransientException away = new TransientException("no primary", null);

  /** Any origin will do. */
  private long nanos = Long.MAX_VALUE - Duration.ofMinutes(1).toNanos();

  private Supplier<GtidSet> executed = () -> GtidSet.parse(gtid(5));

  private Stall stall(String until) {
    ShardStream stream =
        new ShardStream(
            "shop",
            "0",
            1,
            77,
            0,
            1,
            THREE,
            until,
            List.of(new ShardStream.Table(StreamFixture.T, "")),
            false,
            Duration.ofMinutes(3));
    return new Stall(stream, () -> executed.get(), () -> nanos);
  }

  private void pass(int seconds) {
    nanos += Duration.ofSeconds(seconds).toNanos();
  }

  /** Checks every second, as vtgate sends heartbeats or doesn't. */
  private void passes(Stall stall, int seconds, boolean heartbeats) {
    for (int i = 0; i < seconds; i++) {
      pass(1);
      if (heartbeats) {
        stall.heard();
      }
      stall.check(THREE, null);
    }
  }

  @Test
  void silenceIsOne() {
    Stall stall = stall(gtid(5));
    passes(stall, 180, false);

    assertThatThrownBy(() -> passes(stall, 1, false))
        .isInstanceOf(TransientException.class)
        .hasMessageContaining("has stood still for 181 s")
        .hasMessageContaining("stall timeout");
  }

  /** vtgate sends them while it has no tablet. */
  @Test
  void heartbeatsOfAShardThatDoesNotAnswerAreOne() {
    executed =
        () -> {
          throw away;
        };
    Stall stall = stall(gtid(5));
    passes(stall, 180, true);

    assertThatThrownBy(() -> passes(stall, 1, true)).hasMessageContaining("has stood still");
  }

  /** It sends nothing of a transaction before its COMMIT. */
  @Test
  void heartbeatsOfAShardThatAnswersMayBeATransaction() {
    for (String until : List.of(gtid(5), "")) {
      Stall stall = stall(until);
      passes(stall, 1_800, true);

      assertThatThrownBy(() -> passes(stall, 400, true)).hasMessageContaining("has stood still");
    }
  }

  @Test
  void aFailureIsNoTransaction() {
    Stall stall = stall(gtid(5));
    passes(stall, 180, true);
    pass(1);

    assertThatThrownBy(() -> stall.check(THREE, away)).hasMessageContaining("no primary");
  }

  /** A stream without an end, on a shard where nothing happens. */
  @Test
  void itNamesWhatFailedBefore() {
    Stall stall = stall(gtid(5));
    pass(100);
    stall.check(THREE, away);

    assertThatThrownBy(() -> passes(stall, 100, false)).hasMessageContaining("no primary");
  }

  @Test
  void aQuestionThatFailsIsAskedAgain() {
    Supplier<GtidSet> answering = () -> GtidSet.parse(gtid(3));
    Stall stall = stall("");
    passes(stall, 180, true);
    executed =
        () -> {
          throw away;
        };
    passes(stall, 170, true);
    executed = answering;

    assertThatCode(() -> passes(stall, 3_600, true)).doesNotThrowAnyException();
  }

  @Test
  void aQuestionThatFailsForLongEndsTheStream() {
    executed =
        () -> {
          throw away;
        };
    Stall stall = stall("");
    passes(stall, 300, true);

    assertThatThrownBy(() -> passes(stall, 100, true)).isSameAs(away);
  }
}
