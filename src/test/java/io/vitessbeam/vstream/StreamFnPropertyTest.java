package io.vitessbeam.vstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.vitessbeam.connect.VitessCdcUri;
import io.vitessbeam.testing.CutTracker.Cut;
import io.vitessbeam.testing.FakeCall;
import io.vitessbeam.testing.FakeVtgate;
import io.vitessbeam.vstream.position.StreamPosition;
import java.io.IOException;
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
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;
import org.apache.beam.sdk.transforms.DoFn.ProcessContinuation;

/** Any calls that runners make for a stream, of two workers that know nothing of each other. */
class StreamFnPropertyTest {

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
            Arbitraries.integers().between(1, 4),
            Arbitraries.of(0.0, 0.5),
            Arbitraries.frequencyOf(
                Tuple.of(4, Arbitraries.just(false)), Tuple.of(1, Arbitraries.just(true))))
        .as(Call::new)
        .list()
        .ofMaxSize(8);
  }

  @Property(tries = 20)
  void everyChangeComesOnce(
      @ForAll @IntRange(min = 1, max = 8) int last,
      @ForAll boolean bounded,
      @ForAll boolean large,
      @ForAll("calls") List<Call> calls) {
    assertTimeoutPreemptively(Duration.ofSeconds(60), () -> follow(last, bounded, large, calls));
  }

  private void follow(int last, boolean bounded, boolean large, List<Call> calls)
      throws InterruptedException, IOException {
    try (FakeVtgate vtgate = new FakeVtgate()) {
      FakeShard shard = new FakeShard(vtgate, 0);
      if (large) {
        shard.serve(last);
      } else {
        shard.serve(last, "short");
      }
      VitessCdcUri source = FakeShard.source(vtgate);
      StreamFn<?> one = worker(source, bounded);
      StreamFn<?> other = worker(source, bounded);
      // One of many streams: a call gives out 1 MB.
      StreamCalls runner = new StreamCalls(one, shard.stream(0, 64, 1, bounded ? last : 0));
      for (Call call : calls) {
        make(runner, call, call.other() ? other : one);
      }
      while (bounded ? !runner.finished : !runner.position.gtid().equals(shard.gtid(last))) {
        make(runner, new Call(false, Cut.NEVER, 0, 0, false), one);
      }

      assertThat(FakeShard.numbers(runner.blocks()))
          .isEqualTo(LongStream.rangeClosed(2, last).boxed().toList());
      assertThat(runner.ends).hasSize(bounded ? 1 : 0);
      assertThat(runner.position.rows()).isEqualTo(last - 1);
      assertThat(runner.position.gtid()).isEqualTo(shard.gtid(last));
      assertThat(runner.position.done()).isEqualTo(bounded);
      one.tearDown();
      other.tearDown();
      for (FakeCall call : vtgate.calls()) {
        call.awaitEnd();
      }
    }
  }

  private StreamFn<?> worker(VitessCdcUri source, boolean bounded) {
    String read = UUID.randomUUID().toString();
    StreamFn<?> function =
        bounded
            ? new BoundedStreamFn(source, run, read)
            : new UnboundedStreamFn(source, run, read, true);
    function.setUp();
    return function;
  }

  private static void make(StreamCalls runner, Call call, StreamFn<?> worker)
      throws InterruptedException {
    if (runner.finished) {
      return;
    }
    StreamPosition before = runner.position;
    int blocks = runner.blocks.size();
    int ends = runner.ends.size();
    ProcessContinuation continuation =
        runner.call(worker, call.cut(), call.claim(), call.fraction());
    // What was given out goes up to the residual, and no further; an end has a closing block.
    assertThat(runner.position.blocks() - before.blocks())
        .isEqualTo(runner.blocks.size() - blocks - (runner.ends.size() - ends));
    assertThat(continuation.shouldResume() && runner.finished).isFalse();
    if (call.fails()) {
      runner.blocks.subList(blocks, runner.blocks.size()).clear();
      runner.ends.subList(ends, runner.ends.size()).clear();
      runner.position = before;
      runner.finished = false;
    }
  }
}
