package io.vitessbeam.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Where readers wait between two calls, and who ends them. */
class OpenReadersTest {

  private static final Duration LONG = Duration.ofHours(1);
  private static final Duration SHORT = Duration.ofMillis(20);

  private final String read = UUID.randomUUID().toString();

  private static final class Reader implements OpenReader {
    private final CountDownLatch closed = new CountDownLatch(1);
    private final boolean resumable;
    private Object position = 1;

    Reader(boolean resumable) {
      this.resumable = resumable;
    }

    boolean awaitClosed() throws InterruptedException {
      return closed.await(20, TimeUnit.SECONDS);
    }

    @Override
    public Object position() {
      return position;
    }

    @Override
    public boolean resumable() {
      return resumable;
    }

    @Override
    public void close() {
      closed.countDown();
    }
  }

  private static Reader open(OpenReaders<Reader> readers, int most) {
    return readers.open(most, () -> new Reader(true));
  }

  @Test
  void aReaderWaitsForACallAtItsPosition() {
    OpenReaders<Reader> one = OpenReaders.open(read, LONG);
    OpenReaders<Reader> other = OpenReaders.open(read, LONG);
    Reader reader = open(one, 9);
    one.park("a", reader);

    assertThat(other.take("b", 1)).isNull();
    assertThat(other.waiting()).isEqualTo(1);
    assertThat(other.take("a", 1)).isSameAs(reader);
    assertThat(other.take("a", 1)).isNull();
    other.park("a", reader);
    reader.position = 2;
    assertThat(other.take("a", 1)).isNull();
    assertThat(reader.closed.getCount()).isZero();
    one.close();
    other.close();
  }

  /** No other call has to come for it. */
  @Test
  void aReaderThatNobodyAsksForIsEnded() throws InterruptedException {
    OpenReaders<Reader> readers = OpenReaders.open(read, SHORT);
    Reader reader = open(readers, 1);
    readers.park("a", reader);

    assertThat(reader.awaitClosed()).isTrue();
    assertThat(readers.take("a", 1)).isNull();
    // Its place is free.
    assertThat(open(readers, 1)).isNotNull();
    readers.close();
  }

  @Test
  void aReaderInWhosePlaceNoOtherCanComeWaitsForLong() throws InterruptedException {
    OpenReaders<Reader> readers = OpenReaders.open(read, SHORT);
    Reader lasting = readers.open(9, () -> new Reader(false));
    readers.park("a", lasting);
    Reader passing = open(readers, 9);
    readers.park("b", passing);
    assertThat(passing.awaitClosed()).isTrue();

    assertThat(readers.take("a", 1)).isSameAs(lasting);
    readers.park("a", lasting);
    readers.close();
    assertThat(lasting.closed.getCount()).isZero();
  }

  @Test
  void theLastToCloseEndsWhatWaitsAndWhatComesLater() {
    OpenReaders<Reader> one = OpenReaders.open(read, LONG);
    OpenReaders<Reader> other = OpenReaders.open(read, LONG);
    Reader waiting = open(one, 9);
    Reader called = open(one, 9);
    one.park("a", waiting);
    one.close();
    assertThat(waiting.closed.getCount()).isOne();

    other.close();
    assertThat(waiting.closed.getCount()).isZero();
    other.park("b", called);
    assertThat(called.closed.getCount()).isZero();
  }

  @Test
  void aReaderThatCannotBeOpenedTakesNoPlace() {
    OpenReaders<Reader> readers = OpenReaders.open(read, LONG);

    assertThatThrownBy(
            () ->
                readers.open(
                    1,
                    () -> {
                      throw new IllegalStateException("no server");
                    }))
        .hasMessage("no server");
    assertThat(open(readers, 1)).isNotNull();
    assertThat(open(readers, 1)).isNull();
    readers.close();
  }
}
