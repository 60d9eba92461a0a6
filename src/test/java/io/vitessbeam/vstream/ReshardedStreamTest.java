package io.vitessbeam.vstream;

import static org.assertj.core.api.Assertions.assertThat;

import binlogdata.Binlogdata.VEvent;
import io.vitessbeam.block.Block;
import io.vitessbeam.testing.FakeStep;
import io.vitessbeam.testing.FakeVtgate;
import io.vitessbeam.testing.ShardEvents;
import io.vitessbeam.vstream.position.NewColumns;
import io.vitessbeam.vstream.position.ShardStream;
import io.vitessbeam.vstream.position.StreamPosition;
import io.vitessbeam.vstream.position.StreamPositionCoder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.LongStream;
import org.apache.beam.sdk.util.CoderUtils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A restriction of a shard that was split gives everything once, wherever runners cut it. */
@Timeout(60)
class ReshardedStreamTest {

  private static final int BEFORE = 6;
  private static final int AFTER = 10;

  private FakeVtgate vtgate;
  private final List<StreamFn<?>> workers = new ArrayList<>();

  @BeforeEach
  void start() throws IOException {
    vtgate = new FakeVtgate();
  }

  @AfterEach
  void stop() {
    workers.forEach(StreamFn::tearDown);
    vtgate.close();
  }

  /** Shard 0 has transactions 2 to 6, and the others 2 to 10 each. */
  private FakeShard split() {
    FakeShard old = new FakeShard(vtgate, 0);
    ShardEvents events = old.events(FakeShard.YEAR + 100);
    List<FakeStep> steps = new ArrayList<>();
    for (int n = 2; n <= BEFORE; n++) {
      steps.add(FakeStep.send(old.transaction(n, "x")));
    }
    List<VEvent> journal =
        List.of(
            events.begin(),
            events.journal(
                List.of("0"),
                new ShardEvents("shop", "1").shardGtid(new FakeShard(vtgate, 1).gtid(1)),
                new ShardEvents("shop", "2").shardGtid(new FakeShard(vtgate, 2).gtid(1))),
            events.vgtid(old.gtid(BEFORE + 1)),
            events.commit());
    steps.add(FakeStep.send(journal));
    for (int from = 1; from <= BEFORE; from++) {
      for (int opening = 0; opening < 20; opening++) {
        old.next(from, steps.subList(from - 1, steps.size()).toArray(FakeStep[]::new));
      }
    }
    new FakeShard(vtgate, 1).serve(AFTER, "x");
    new FakeShard(vtgate, 2).serve(AFTER, "x");
    return old;
  }

  private StreamFn<?> worker() {
    StreamFn<?> worker =
        new UnboundedStreamFn(FakeShard.source(vtgate), "", UUID.randomUUID().toString(), true);
    worker.setUp();
    workers.add(worker);
    return worker;
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void everythingOnce(long seed) throws Exception {
    Random random = new Random(seed);
    ShardStream stream = split().stream(0, 1, 1, 0).lasting(NewColumns.LEAVE_OUT);
    StreamFn<?> worker = worker();
    StreamCalls calls = new StreamCalls(worker, stream);
    while (FakeShard.numbers(calls.blocks()).size() < BEFORE - 1 + 2 * (AFTER - 1)) {
      if (random.nextInt(4) == 0) {
        // Another worker takes over, from what the runner has saved.
        worker = worker();
        calls.position = saved(calls.position);
      }
      calls.call(worker, random.nextInt(4));
      assertThat(calls.finished).isFalse();
    }

    assertThat(worker.size(stream, calls.position)).as("no primary says more").isEqualTo(1);
    assertThat(worker.size(stream, calls.position.finished())).isZero();
    for (String shard : List.of("0", "1", "2")) {
      int last = shard.equals("0") ? BEFORE : AFTER;
      List<Block> blocks =
          calls.blocks().stream().filter(block -> block.origin().shard().equals(shard)).toList();
      assertThat(FakeShard.numbers(blocks))
          .isEqualTo(LongStream.rangeClosed(2, last).boxed().toList());
      assertThat(blocks)
          .as("what sorts the changes of a row")
          .extracting(block -> block.origin().plan())
          .containsOnly(shard.equals("0") ? 77L : (FakeShard.YEAR + 100) * 1000);
    }
    assertThat(calls.blocks())
        .extracting(block -> block.origin().sequence())
        .isEqualTo(LongStream.range(0, calls.blocks().size()).boxed().toList());
  }

  private static StreamPosition saved(StreamPosition position) throws IOException {
    StreamPositionCoder coder = StreamPositionCoder.of();
    return CoderUtils.decodeFromByteArray(coder, CoderUtils.encodeToByteArray(coder, position));
  }
}
