package io.vitessbeam.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.vitessbeam.read.ranges.KeyBound;
import io.vitessbeam.testing.CutTracker.Cut;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.LongStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.apache.beam.sdk.transforms.DoFn.ProcessContinuation;

/** Any calls that runners make for a range, of two workers that know nothing of each other. */
class ReadRangesPropertyTest {

  /**
   * A call.
   *
   * @param other which of the workers makes it
   * @param fails whether the runner drops what it gave out, and makes it again
   */
  private record Call(boolean other, Cut cut, int claim, double fraction, boolean fails) {}

  private final String run = UUID.randomUUID().toString();

  @Provide
  Arbitrary<List<Call>> calls() {
    return Combinators.combine(
            Arbitraries.of(false, true),
            Arbitraries.of(Cut.class),
            Arbitraries.integers().between(1, 5),
            Arbitraries.of(0.0, 0.5),
            Arbitraries.frequencyOf(
                net.jqwik.api.Tuple.of(4, Arbitraries.just(false)),
                net.jqwik.api.Tuple.of(1, Arbitraries.just(true))))
        .as(Call::new)
        .list()
        .ofMaxSize(12);
  }

  @Property(tries = 150)
  void everyBlockComesOnce(
      @ForAll @IntRange(max = 10) int blocks,
      @ForAll boolean resumable,
      @ForAll("calls") List<Call> calls) {
    assertTimeoutPreemptively(
        Duration.ofSeconds(20), () -> everyBlockComesOnceOf(blocks, resumable, calls));
  }

  private void everyBlockComesOnceOf(int blocks, boolean resumable, List<Call> calls)
      throws InterruptedException {
    // One of many ranges: a call gives out 1 MB.
    FakeRange range = new FakeRange(UUID.randomUUID().toString(), blocks, 64, resumable, -1);
    ReadRangesFn one = worker();
    ReadRangesFn other = worker();
    RangeCalls runner = new RangeCalls(range);
    for (Call call : calls) {
      make(runner, call, call.other() ? other : one);
    }
    while (!runner.finished) {
      make(runner, new Call(false, Cut.NEVER, 0, 0, false), one);
    }

    assertThat(FakeRange.numbers(runner.blocks))
        .isEqualTo(LongStream.range(0, blocks).boxed().toList());
    assertThat(runner.blocks).hasSize(blocks + 1);
    assertThat(runner.blocks.get(blocks).origin().rangeRows()).isEqualTo(blocks);
    assertThat(runner.position).isEqualTo(new RangePosition(blocks, blocks, KeyBound.NONE, true));
    one.tearDown();
    other.tearDown();
    long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    while (range.open() > 0) {
      assertThat(System.nanoTime()).as("still open").isLessThan(deadline);
      Thread.onSpinWait();
    }
  }

  private ReadRangesFn worker() {
    ReadRangesFn function =
        new ReadRangesFn(run, UUID.randomUUID().toString(), Integer.MAX_VALUE, false);
    function.setUp();
    return function;
  }

  private static void make(RangeCalls runner, Call call, ReadRangesFn worker)
      throws InterruptedException {
    if (runner.finished) {
      return;
    }
    RangePosition before = runner.position;
    int had = runner.blocks.size();
    ProcessContinuation continuation =
        runner.call(worker, call.cut(), call.claim(), call.fraction());
    // What was given out goes up to the residual, and no further.
    assertThat(runner.position.blocks() + (runner.finished ? 1 : 0))
        .isEqualTo(before.blocks() + runner.blocks.size() - had);
    assertThat(continuation.shouldResume() && runner.finished).isFalse();
    if (call.fails()) {
      runner.blocks.subList(had, runner.blocks.size()).clear();
      runner.position = before;
      runner.finished = false;
    }
  }
}
