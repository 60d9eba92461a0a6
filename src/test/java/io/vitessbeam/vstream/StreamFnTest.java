package io.vitessbeam.vstream;

import static io.vitessbeam.vstream.FakeShard.YEAR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import binlogdata.Binlogdata.VEvent;
import io.grpc.Status;
import io.vitessbeam.NeedsRefreshException;
import io.vitessbeam.RunProgress;
import io.vitessbeam.block.Block;
import io.vitessbeam.testing.FakeCall;
import io.vitessbeam.testing.FakeStep;
import io.vitessbeam.testing.FakeStep.Gate;
import io.vitessbeam.testing.FakeVtgate;
import io.vitessbeam.vstream.follow.StreamEnd;
import io.vitessbeam.vstream.position.StreamPosition;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.LongStream;
import org.apache.beam.sdk.transforms.DoFn.ProcessContinuation;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.joda.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Calls of the functions as a runner makes them, with the streams of a scripted vtgate. */
@Timeout(120)
class StreamFnTest {

  private static final int LAST = 25;

  private FakeVtgate vtgate;
  private FakeShard shard;
  private final String run = UUID.randomUUID().toString();
  private final RunProgress progress = RunProgress.watch(run);
  private final List<StreamFn<?>> workers = new ArrayList<>();

  @BeforeEach
  void start() throws IOException {
    vtgate = new FakeVtgate();
    shard = new FakeShard(vtgate, 0);
  }

  @AfterEach
  void stop() {
    workers.forEach(StreamFn::tearDown);
    vtgate.close();
    progress.close();
  }

  private StreamFn<?> bounded(String read) {
    return set(new BoundedStreamFn(FakeShard.source(vtgate), run, read));
  }

  private StreamFn<?> unbounded(String read) {
    return set(new UnboundedStreamFn(FakeShard.source(vtgate), run, read, true));
  }

  private StreamFn<?> set(StreamFn<?> function) {
    function.setUp();
    workers.add(function);
    return function;
  }

  /**
   * Calls end by themselves, and at a checkpoint before one of the first claims; the next one comes
   * to the same worker or to another, which has none of the open streams.
   */
  @ParameterizedTest
  @CsvSource({"0, false", "1, false", "2, false", "3, false", "0, true", "1, true", "2, true"})
  void nothingIsLostOrRepeatedHoweverCallsEnd(int splitBefore, boolean moved)
      throws InterruptedException {
    shard.serve(LAST);
    StreamCalls calls = new StreamCalls(bounded("a"), shard.stream(7, 64, 1, LAST));
    int count = 0;
    while (!calls.position.done()) {
      if (count++ % 2 == 0) {
        calls.call(workers.get(0), splitBefore);
        continue;
      }
      // A runner that never lets a claim pass would not come to an end.
      StreamFn<?> worker = moved ? bounded("b" + count) : workers.get(0);
      StreamPosition before = calls.position;
      while (calls.position.equals(before)) {
        calls.call(worker, 0);
      }
    }

    assertThat(FakeShard.numbers(calls.blocks())).isEqualTo(numbers(2, LAST));
    assertThat(calls.ends).hasSize(1);
    assertThat(calls.blocks().stream().map(block -> block.origin().sequence()))
        .isEqualTo(LongStream.range(0, LAST).boxed().toList());
    Block last = calls.blocks().get(LAST - 1);
    assertThat(last.rows()).isZero();
    assertThat(last.origin().rangeRows()).isEqualTo(LAST - 1);
    if (!moved) {
      assertThat(vtgate.requests()).as("streams").hasSize(1);
    }
  }

  @Test
  void aBoundedStreamSaysHowItEnded() throws InterruptedException {
    shard.serve(4, "short");
    StreamCalls calls = new StreamCalls(bounded("a"), shard.stream(1, 3, 1, 4));
    while (!calls.position.done()) {
      calls.call();
    }

    assertThat(calls.ends).containsExactly(new StreamEnd(1, 1, 3, "0", shard.gtid(4), 3, Map.of()));
    Block closing = calls.blocks().get(calls.blocks.size() - 1);
    assertThat(closing.origin().plan()).isEqualTo(77);
    assertThat(closing.origin().range()).isEqualTo(1);
    assertThat(closing.origin().ranges()).isEqualTo(3);
    assertThat(closing.origin().shard()).isEqualTo("0");
    assertThat(closing.origin().rangeRows()).isEqualTo(3);
    assertThat(calls.blocks)
        .allMatch(timed -> timed.timestamp().equals(BoundedWindow.TIMESTAMP_MIN_VALUE));
    assertThat(progress.rowsByShard()).containsEntry("shop.t/0", 3L);
    vtgate.calls().get(0).awaitEnd();
  }

  @Test
  void aStreamThatIsAtItsEndFromTheBeginOnSaysSo() throws InterruptedException {
    StreamCalls calls = new StreamCalls(bounded("a"), shard.stream(0, 1, 4, 4));
    while (!calls.position.done()) {
      calls.call();
    }

    assertThat(calls.ends).hasSize(1);
    assertThat(calls.blocks()).hasSize(1);
    assertThat(calls.blocks().get(0).origin().closesRange()).isTrue();
    assertThat(vtgate.calls()).isEmpty();
  }

  @Test
  void aCallWithNothingToGiveEndsSoonAndComesAgain() throws InterruptedException {
    Gate gate = new Gate();
    shard.next(1, FakeStep.await(gate), FakeStep.send(shard.transaction(2, "late")));
    StreamCalls calls = new StreamCalls(unbounded("a"), shard.stream(0, 1, 1, 0));
    long start = System.nanoTime();
    ProcessContinuation continuation = calls.call();

    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
    assertThat(continuation.shouldResume()).isTrue();
    assertThat(continuation.resumeDelay().getMillis()).isLessThan(100);
    assertThat(calls.blocks).isEmpty();
    gate.open();
    while (calls.blocks.isEmpty()) {
      calls.call();
    }
    assertThat(FakeShard.numbers(calls.blocks())).containsExactly(2L);
  }

  @Test
  void aCallGivesOutABoundedAmount() throws InterruptedException {
    shard.serve(LAST);
    StreamCalls calls = new StreamCalls(unbounded("a"), shard.stream(0, 64, 1, 0));
    while (calls.blocks.size() < LAST - 1) {
      int before = calls.blocks.size();
      calls.call();
      // 1 MiB, beyond which only the block may go that reaches it.
      assertThat(calls.blocks.size() - before).isLessThanOrEqualTo(3);
    }
    assertThat(FakeShard.numbers(calls.blocks())).isEqualTo(numbers(2, LAST));
  }

  /** The streams are read on from the last commit, and the half of a transaction comes again. */
  @Test
  void aStreamThatBreaksGoesOn() throws InterruptedException {
    List<VEvent> third = shard.transaction(3, "third");
    shard.next(
        1,
        FakeStep.send(shard.transaction(2, "second")),
        FakeStep.send(third.subList(0, 3)),
        FakeStep.fail(Status.Code.UNAVAILABLE, "error reading from server: EOF"));
    shard.next(2, FakeStep.send(third), FakeStep.complete());
    shard.next(3, FakeStep.send(shard.transaction(4, "fourth")));
    StreamCalls calls = new StreamCalls(bounded("a"), shard.stream(0, 1, 1, 4));
    while (!calls.position.done()) {
      calls.call();
    }

    assertThat(FakeShard.numbers(calls.blocks())).isEqualTo(numbers(2, 4));
    assertThat(calls.ends.get(0).rows()).isEqualTo(3);
  }

  @Test
  void aRestoredPositionIsReadAgainFromThere() throws InterruptedException {
    shard.serve(LAST);
    StreamCalls calls = new StreamCalls(unbounded("a"), shard.stream(0, 64, 1, 0));
    calls.call();
    while (calls.blocks.isEmpty()) {
      calls.call();
    }
    StreamPosition saved = calls.position;
    int had = calls.blocks.size();
    while (calls.blocks.size() == had) {
      calls.call();
    }

    calls.position = saved;
    calls.blocks.subList(had, calls.blocks.size()).clear();
    while (calls.blocks.size() < LAST - 1) {
      calls.call();
    }
    assertThat(FakeShard.numbers(calls.blocks())).isEqualTo(numbers(2, LAST));
    assertThat(vtgate.calls()).hasSize(2);
    vtgate.calls().get(0).awaitEnd();
  }

  @Test
  void theLastFunctionToBeTornDownEndsItsStreams() throws InterruptedException {
    shard.serve(3, "short");
    StreamFn<?> one = unbounded("a");
    StreamFn<?> other = unbounded("a");
    StreamCalls calls = new StreamCalls(one, shard.stream(0, 1, 1, 0));
    calls.call();
    workers.remove(one);
    one.tearDown();
    calls.call(other, 0);
    assertThat(vtgate.calls()).hasSizeLessThanOrEqualTo(1);

    workers.remove(other);
    other.tearDown();
    vtgate.calls().get(0).awaitEnd();
  }

  /** A runner that is cancelled tears functions down while they are in a call. */
  @Test
  void aCallThatOutlivesItsFunctionEndsItsStream() throws InterruptedException {
    shard.serve(3, "short");
    StreamFn<?> function = unbounded("a");
    StreamCalls calls = new StreamCalls(function, shard.stream(0, 1, 1, 0));
    calls.call();
    workers.remove(function);
    function.tearDown();
    while (vtgate.calls().isEmpty() || calls.blocks.isEmpty()) {
      calls.call();
    }
    for (FakeCall call : vtgate.calls()) {
      call.awaitEnd();
    }
  }

  /** Every one holds a connection, a thread and what it has read ahead. */
  @Test
  void noMoreStreamsAreReadAtATimeThanWanted() throws InterruptedException {
    FakeShard other = new FakeShard(vtgate, 1).serve(3, "short");
    Gate gate = new Gate();
    shard.next(
        1,
        FakeStep.send(shard.transaction(2, "first")),
        FakeStep.await(gate),
        FakeStep.send(shard.transaction(3, "last")));
    StreamFn<?> function = set(new BoundedStreamFn(FakeShard.source(vtgate), run, "a", 1));
    StreamCalls first = new StreamCalls(function, shard.stream(0, 2, 1, 3));
    StreamCalls second = new StreamCalls(function, other.stream(1, 2, 1, 3));
    while (vtgate.calls().isEmpty()) {
      first.call();
    }

    assertThat(second.call().resumeDelay().getMillis()).isGreaterThan(100);
    assertThat(vtgate.calls()).hasSize(1);
    gate.open();
    while (!first.finished) {
      first.call();
    }
    while (!second.finished) {
      second.call();
    }
    assertThat(FakeShard.numbers(first.blocks())).isEqualTo(numbers(2, 3));
    assertThat(FakeShard.numbers(second.blocks())).isEqualTo(numbers(2, 3));
  }

  /** The time of commits, never of heartbeats; a clock that runs back makes nothing late. */
  @Test
  void watermarkAndTimestamps() throws InterruptedException {
    Gate gate = new Gate();
    Gate heartbeat = new Gate();
    shard.next(
        1,
        FakeStep.send(shard.transaction(2, YEAR + 100, "x")),
        FakeStep.await(gate),
        FakeStep.heartbeat(),
        FakeStep.await(heartbeat),
        FakeStep.send(shard.transaction(3, YEAR + 50, "clock ran back")));
    StreamCalls calls = new StreamCalls(unbounded("a"), shard.stream(0, 1, 1, 0));
    assertThat(calls.watermark.currentWatermark()).isEqualTo(BoundedWindow.TIMESTAMP_MIN_VALUE);
    while (calls.blocks.isEmpty()) {
      calls.call();
    }
    Instant first = Instant.ofEpochSecond(YEAR + 100);
    assertThat(calls.blocks.get(0).timestamp()).isEqualTo(first);
    assertThat(calls.watermark.currentWatermark()).isEqualTo(first);

    gate.open();
    heartbeat.awaitReached();
    calls.call();
    assertThat(calls.watermark.currentWatermark()).isEqualTo(first);

    heartbeat.open();
    while (calls.blocks.size() == 1) {
      calls.call();
    }
    assertThat(calls.blocks.get(1).timestamp()).isEqualTo(first);
    assertThat(calls.watermark.currentWatermark()).isEqualTo(first);
  }

  /** Nothing of the table is in it, but the position and the time go on. */
  @Test
  void aTransactionOfOtherTablesMovesTheWatermark() throws InterruptedException {
    shard.next(
        1,
        FakeStep.send(shard.events(YEAR + 7).vgtid(shard.gtid(2)), shard.events(YEAR + 7).other()));
    StreamCalls calls = new StreamCalls(unbounded("a"), shard.stream(0, 1, 1, 0));
    while (calls.position.gtid().equals(shard.gtid(1))) {
      calls.call();
    }

    assertThat(calls.position.gtid()).isEqualTo(shard.gtid(2));
    assertThat(calls.watermark.currentWatermark()).isEqualTo(Instant.ofEpochSecond(YEAR + 7));
    assertThat(calls.blocks).isEmpty();
  }

  /** A block has the time of its first change, so that none of its changes is before it. */
  @Test
  void aBlockOfSeveralTransactionsHasTheTimeOfTheFirst() throws InterruptedException {
    List<VEvent> both = new ArrayList<>(shard.transaction(2, YEAR + 100, "x"));
    both.addAll(shard.transaction(3, YEAR + 200, "y"));
    shard.next(1, FakeStep.send(both));
    StreamCalls calls = new StreamCalls(unbounded("a"), shard.stream(0, 1, 1, 0));
    while (calls.blocks.isEmpty()) {
      calls.call();
    }

    assertThat(calls.blocks).hasSize(1);
    assertThat(calls.blocks.get(0).timestamp()).isEqualTo(Instant.ofEpochSecond(YEAR + 100));
    assertThat(calls.watermark.currentWatermark()).isEqualTo(Instant.ofEpochSecond(YEAR + 200));
  }

  @Test
  void aTableThatCannotBeFollowedIsToldOrFails() throws InterruptedException {
    for (int i = 0; i < 3; i++) {
      shard.next(
          1,
          FakeStep.send(shard.transaction(2, "x")),
          FakeStep.send(
              shard.events(YEAR).vgtid(shard.gtid(3)),
              shard.events(YEAR).ddl("alter table t drop column text")),
          FakeStep.send(shard.events(YEAR).vgtid(shard.gtid(4)), shard.events(YEAR).other()));
    }
    StreamCalls tolerant = new StreamCalls(bounded("a"), shard.stream(0, 1, 1, 4));
    while (!tolerant.position.done()) {
      tolerant.call();
    }
    assertThat(tolerant.ends.get(0).broken()).containsOnlyKeys("t");

    StreamFn<?> strict =
        set(new BoundedStreamFn(FakeShard.source(vtgate), run, "b", Integer.MAX_VALUE, true));
    StreamCalls bounded = new StreamCalls(strict, shard.stream(0, 1, 1, 4));
    StreamCalls unbounded = new StreamCalls(unbounded("c"), shard.stream(0, 1, 1, 0));
    for (StreamCalls calls : List.of(bounded, unbounded)) {
      assertThatThrownBy(
              () -> {
                while (!calls.position.done()) {
                  calls.call();
                }
              })
          .isInstanceOf(NeedsRefreshException.class)
          .hasMessageContaining("The changes of shop/0, table t can't be followed any further")
          .hasMessageContaining("drop column");
    }
  }

  private static List<Long> numbers(int first, int last) {
    return LongStream.rangeClosed(first, last).boxed().toList();
  }
}
