package io.vitessbeam.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitessbeam.read.ranges.KeyBound;
import io.vitessbeam.testing.CutTracker.Cut;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.LongStream;
import org.apache.beam.runners.direct.DirectRunner;
import org.apache.beam.runners.flink.FlinkRunner;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.transforms.DoFn.ProcessContinuation;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Calls of the function as a runner makes them, for ranges that need no server. */
@Timeout(60)
class ReadRangesFnTest {

  /** Each has 300 kB; a call for one of 64 ranges gives out 1 MB. */
  private static final int BLOCKS = 10;

  private final String run = UUID.randomUUID().toString();
  private final List<ReadRangesFn> workers = new ArrayList<>();

  @AfterEach
  void stop() {
    workers.forEach(ReadRangesFn::tearDown);
  }

  private ReadRangesFn worker(int most, boolean oneWorker) {
    ReadRangesFn function = new ReadRangesFn(run, UUID.randomUUID().toString(), most, oneWorker);
    function.setUp();
    workers.add(function);
    return function;
  }

  private static RangeCalls range(boolean resumable, int silentAt) {
    return new RangeCalls(fake(resumable, silentAt));
  }

  private static FakeRange fake(boolean resumable, int silentAt) {
    return new FakeRange(UUID.randomUUID().toString(), BLOCKS, 64, resumable, silentAt);
  }

  private static void assertWhole(RangeCalls calls) {
    assertThat(FakeRange.numbers(calls.blocks))
        .isEqualTo(LongStream.range(0, BLOCKS).boxed().toList());
    assertThat(calls.finished).isTrue();
  }

  @Test
  void aRangeThatCanBeResumedIsGivenOutInPieces() throws InterruptedException {
    RangeCalls calls = range(true, -1);

    assertThat(calls.call(worker(64, false)).shouldResume()).isTrue();
    assertThat(calls.blocks).hasSize(4);
    while (!calls.finished) {
      // Each time another worker.
      calls.call(worker(64, false));
    }
    assertWhole(calls);
  }

  @Test
  void aRangeThatCannotBeResumedIsGivenOutInOneCall() throws InterruptedException {
    RangeCalls calls = range(false, -1);

    assertThat(calls.call(worker(64, false), Cut.AFTER_A_CLAIM, 2, 0).shouldResume()).isFalse();
    assertWhole(calls);
  }

  /** The direct runner keeps the output of a call in memory, and has no other worker. */
  @Test
  void withOneWorkerItIsGivenOutInPieces() throws InterruptedException {
    RangeCalls calls = range(false, -1);
    ReadRangesFn worker = worker(64, true);

    assertThat(calls.call(worker).shouldResume()).isTrue();
    assertThat(calls.blocks).hasSize(4);
    while (!calls.finished) {
      calls.call(worker, Cut.BEFORE_A_CLAIM, 2, 0);
    }
    assertWhole(calls);
  }

  @Test
  void onlyTheDirectRunnerIsTakenForOneWorker() {
    PipelineOptions options = PipelineOptionsFactory.create();
    FakeRange range = fake(false, -1);
    RangePosition middle = RangePosition.START.after(1, KeyBound.NONE);
    options.setRunner(DirectRunner.class);
    ReadRangesFn direct = new ReadRangesFn(run, "a", options);
    options.setRunner(FlinkRunner.class);
    ReadRangesFn flink = new ReadRangesFn(run, "a", options, 4, null);

    assertThat(direct.newTracker(range, middle).trySplit(0)).isNotNull();
    assertThat(flink.newTracker(range, middle).trySplit(0)).isNull();
  }

  /** Nothing must be read for it, and nothing waited for: the runner has given all away. */
  @Test
  void aCallThatHasNothingLeftEnds() throws InterruptedException {
    for (boolean resumable : List.of(true, false)) {
      RangeCalls calls = range(resumable, -1);

      ProcessContinuation continuation = calls.call(worker(64, false), Cut.BEFORE_THE_CALL, 0, 0);

      assertThat(continuation.shouldResume()).isFalse();
      assertThat(calls.position).isEqualTo(RangePosition.START);
      assertThat(calls.blocks).isEmpty();
      while (!calls.finished) {
        calls.call(workers.get(workers.size() - 1));
      }
      assertWhole(calls);
    }
  }

  @Test
  void aCallDoesNotOutlastTheSilenceOfItsSource() throws InterruptedException {
    for (int silentAt : List.of(0, 2)) {
      FakeRange range = fake(true, silentAt);
      RangeCalls calls = new RangeCalls(range);
      ReadRangesFn worker = worker(64, false);

      assertThat(calls.call(worker).shouldResume()).isTrue();
      assertThat(calls.blocks).hasSize(silentAt);
      range.speak();
      while (!calls.finished) {
        calls.call(worker);
      }
      assertWhole(calls);
    }
  }

  /** Before its first block it can wait outside of a call, whatever it is. */
  @Test
  void aSourceThatBeginsLateIsWaitedForBetweenCalls() throws InterruptedException {
    FakeRange range = fake(false, 0);
    RangeCalls calls = new RangeCalls(range);
    ReadRangesFn worker = worker(64, false);

    assertThat(calls.call(worker).shouldResume()).isTrue();
    range.speak();
    while (!calls.finished) {
      calls.call(worker);
    }
    assertWhole(calls);
  }

  @Test
  void noMoreRangesAreReadAtATimeThanWanted() throws InterruptedException {
    ReadRangesFn worker = worker(1, false);
    FakeRange slow = fake(true, 2);
    RangeCalls first = new RangeCalls(slow);
    RangeCalls second = range(false, -1);
    first.call(worker);

    assertThat(second.call(worker).resumeDelay().getMillis()).isPositive();
    assertThat(second.blocks).isEmpty();
    slow.speak();
    while (!first.finished) {
      first.call(worker);
    }
    assertThat(second.call(worker).shouldResume()).isFalse();
    assertWhole(second);
  }
}
