package io.vitessbeam.write.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class JvmLoadsTest {

  private static final String KEY = "load";

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final JvmLoads<String, TestLoad> loads = new JvmLoads<>(LoadTimings.DEFAULT);

  @AfterEach
  void endThreads() {
    threads.shutdownNow();
  }

  /** A load that waits on its way to rest until it may go on, and then is given up. */
  private final class TestLoad implements JvmLoads.Load {
    private final CountDownLatch goesToRest = new CountDownLatch(1);
    private final CountDownLatch mayRest = new CountDownLatch(1);
    private boolean aborted;
    private boolean left;

    @Override
    public boolean isUnderWay() {
      return !aborted;
    }

    @Override
    public void rest() {
      goesToRest.countDown();
      try {
        assertThat(mayRest.await(1, TimeUnit.MINUTES)).isTrue();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public void abort() {
      aborted = true;
      loads.ended(KEY, this);
    }

    @Override
    public void leave() {
      left = true;
    }
  }

  @Test
  void allWhoAskForALoadGetOneAndItRestsWithTheLast() {
    TestLoad load = loads.acquire(KEY, key -> new TestLoad());
    assertThat(loads.acquire(KEY, key -> new TestLoad())).isSameAs(load);
    load.mayRest.countDown();

    loads.release(KEY, load);
    assertThat(load.goesToRest.getCount()).isEqualTo(1);
    loads.release(KEY, load);
    assertThat(load.goesToRest.getCount()).isZero();
    assertThat(loads.acquire(KEY, key -> new TestLoad())).isSameAs(load);
  }

  @Test
  void nobodyGetsALoadThatIsOnItsWayToRest() throws Exception {
    TestLoad load = loads.acquire(KEY, key -> new TestLoad());
    threads.execute(() -> loads.release(KEY, load));
    assertThat(load.goesToRest.await(1, TimeUnit.MINUTES)).isTrue();

    Thread[] asking = new Thread[1];
    CountDownLatch asks = new CountDownLatch(1);
    Future<TestLoad> next =
        threads.submit(
            () -> {
              asking[0] = Thread.currentThread();
              asks.countDown();
              return loads.acquire(KEY, key -> new TestLoad());
            });
    asks.await();
    while (asking[0].getState() != Thread.State.WAITING) {
      assertThat(next).as("the load that is given up").isNotDone();
      Thread.onSpinWait();
    }
    load.abort();
    load.mayRest.countDown();

    assertThat(next.get()).isNotSameAs(load);
  }

  @Test
  void aLoadThatRestsForTooLongIsLeftAndBeginsAnew() {
    JvmLoads<String, TestLoad> hasty = new JvmLoads<>(LoadTimings.DEFAULT.withRest(Duration.ZERO));
    TestLoad load = hasty.acquire(KEY, key -> new TestLoad());
    load.mayRest.countDown();
    hasty.leaveResting();
    assertThat(load.left).isFalse();

    hasty.release(KEY, load);
    hasty.leaveResting();

    assertThat(load.left).isTrue();
    assertThat(hasty.acquire(KEY, key -> new TestLoad())).isNotSameAs(load);
  }

  @Test
  void onlyTheLoadsThatAreMeantAreAborted() {
    TestLoad one = loads.acquire(KEY, key -> new TestLoad());
    TestLoad other = loads.acquire("other", key -> new TestLoad());
    loads.abort(KEY::equals);
    assertThat(one.aborted).isTrue();
    assertThat(other.aborted).isFalse();
    assertThat(loads.acquire(KEY, key -> new TestLoad())).isNotSameAs(one);
  }
}
