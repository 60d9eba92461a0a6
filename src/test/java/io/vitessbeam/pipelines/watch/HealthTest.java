package io.vitessbeam.pipelines.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitessbeam.pipelines.watch.History.Sample;
import io.vitessbeam.progress.StreamStatus;
import io.vitessbeam.testing.ManualClock;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HealthTest {

  private static final Duration BOUND = Duration.ofMinutes(2);

  private final ManualClock clock = new ManualClock();
  private final StreamStatus status = new StreamStatus(clock);
  private final History history = History.of(Duration.ofSeconds(30));
  private long moved;

  private Health health() {
    return Health.of(status.snapshot(), history, BOUND, clock.instant());
  }

  /** Passes a time in which the lag changes by so much per second. */
  private void pass(int seconds, Duration first, double perSecond) {
    for (int i = 0; i < seconds; i++) {
      clock.advance(history.step());
      Duration lag = first.plusMillis((long) (i * perSecond * 1000));
      status.shard("0", "MySQL56/a:1-5", clock.millis() - lag.toMillis());
      moved++;
      history.add(new Sample(status.snapshot().lag(clock.instant()), moved, moved));
    }
  }

  @Test
  void aBoundedLagIsHealthy() {
    pass(300, Duration.ofSeconds(30), 0.2);
    assertThat(health()).isEqualTo(new Health(true, ""));
  }

  @Test
  void aLagThatGrowsIsNot() {
    pass(300, Duration.ofSeconds(30), 1);
    assertThat(health())
        .isEqualTo(
            new Health(
                false, "the lag is 5 min 29 s, which is more than 2 min 00 s, and does not fall"));
  }

  @Test
  void aLargeLagThatStaysIsNot() {
    pass(300, Duration.ofMinutes(10), 0);
    assertThat(health().good()).isFalse();
  }

  @Test
  void aLargeLagThatFallsIsHealthy() {
    pass(300, Duration.ofHours(1), -3);
    assertThat(health().good()).isTrue();
  }

  @Test
  void aLagThatFallsBetweenFlushesOnlyIsNotHealthy() {
    for (int flush = 0; flush < 20; flush++) {
      pass(30, Duration.ofSeconds(200 + 3 * flush), 1);
    }
    assertThat(health().good()).isFalse();
  }

  @Test
  void aRunThatHasJustBegunMayCatchUp() {
    pass(100, Duration.ofHours(1), 0);
    assertThat(health().good()).isTrue();
  }

  @Test
  void theReasonHoldsTheFailureThatIsOpen() {
    pass(300, Duration.ofSeconds(30), 1);
    status.failed("shop.duckdb: no space left on device");
    clock.advance(Duration.ofSeconds(3));
    assertThat(health().reason())
        .isEqualTo(
            "the lag is 5 min 32 s, which is more than 2 min 00 s, and does not fall; last failure"
                + " 3.0 s ago: shop.duckdb: no space left on device");
  }

  @Test
  void theReasonHoldsWhatAShardWaitsFor() {
    pass(300, Duration.ofSeconds(30), 1);
    status.waits("0", "no primary");
    assertThat(health().reason()).endsWith(", and does not fall; waits for shard 0: no primary");
  }

  @Test
  void aTableMayWaitForAWhile() {
    pass(10, Duration.ofSeconds(1), 0);
    status.waiting("shop.notes", "no primary key");
    clock.advance(BOUND);
    status.shard("0", "MySQL56/a:1-6", clock.millis());
    assertThat(health().good()).isTrue();

    clock.advance(Duration.ofSeconds(1));
    assertThat(health())
        .isEqualTo(new Health(false, "shop.notes has waited for 2 min 01 s: no primary key"));
  }

  @Test
  void withoutALagRowsHaveToMove() {
    for (int i = 0; i < History.KEPT; i++) {
      history.add(new Sample(Optional.empty(), i, i));
    }
    assertThat(health().good()).isTrue();
    long last = History.KEPT - 1;
    for (int i = 1; i < History.KEPT; i++) {
      assertThat(health().good()).isTrue();
      history.add(new Sample(Optional.empty(), last, last));
    }
    assertThat(health()).isEqualTo(new Health(false, "no row has moved for 10 min 00 s"));
  }

  @Test
  void rareFlushesAreJudgedOverALongerTime() {
    assertThat(History.of(Duration.ofMinutes(10)).step()).isEqualTo(Duration.ofSeconds(20));
    assertThat(History.of(Duration.ofMillis(500)).step()).isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void theRateIsThatOfLate() {
    assertThat(history.rowsPerSecond()).isZero();
    history.add(new Sample(Optional.empty(), 0, 0));
    for (int i = 1; i <= 100; i++) {
      history.add(new Sample(Optional.empty(), i < 50 ? i : 50 + (i - 50) * 30L, i));
    }
    assertThat(history.rowsPerSecond()).isEqualTo(30);
  }
}
