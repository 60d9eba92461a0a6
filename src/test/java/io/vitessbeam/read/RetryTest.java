package io.vitessbeam.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitessbeam.TransientException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RetryTest {

  private final TransientException failure = new TransientException("away", null);

  @Test
  void givesUpAtOnceWithoutPatience() {
    assertThatThrownBy(() -> new Retry(Duration.ZERO).awaitNext(failure))
        .isInstanceOf(TransientException.class)
        .hasMessage("away (given up after 0 s)")
        .hasCause(failure);
  }

  /** The first waits are 100 ms and 200 ms; the third would end behind the patience. */
  @Test
  void waitsLongerEachTimeWithinThePatience() throws InterruptedException {
    Retry retry = new Retry(Duration.ofMillis(350));
    long start = System.nanoTime();
    retry.awaitNext(failure);
    retry.awaitNext(failure);

    assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(300_000_000L);
    assertThatThrownBy(() -> retry.awaitNext(failure)).hasMessageStartingWith("away (given up");
  }

  /** The origin of System.nanoTime is any. */
  @Test
  void aClockBelowZeroIsAClock() throws InterruptedException {
    AtomicLong clock = new AtomicLong(-3_000_000_000L);
    Retry retry = new Retry(Duration.ofSeconds(1), clock::get);
    retry.awaitNext(failure);
    clock.addAndGet(1_000_000_000L);

    assertThatThrownBy(() -> retry.awaitNext(failure)).hasMessageStartingWith("away (given up");
  }

  @Test
  void successMakesThePatienceWhole() throws InterruptedException {
    Retry retry = new Retry(Duration.ofMillis(150));
    for (int i = 0; i < 3; i++) {
      retry.awaitNext(failure);
      retry.succeeded();
    }
    retry.awaitNext(failure);
    assertThatThrownBy(() -> retry.awaitNext(failure)).isInstanceOf(TransientException.class);
  }

  @Test
  void canBeInterrupted() {
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> new Retry(Duration.ofHours(1)).awaitNext(failure))
        .isInstanceOf(InterruptedException.class);
    assertThat(Thread.interrupted()).isFalse();
  }
}
