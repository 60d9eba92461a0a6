package io.vitessbeam.vstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import binlogdata.Binlogdata.ShardGtid;
import io.vitess.proto.Vtgate.VStreamRequest;
import io.vitessbeam.block.Block;
import io.vitessbeam.block.BlockCoder;
import io.vitessbeam.connect.VitessCdcUri;
import io.vitessbeam.testing.FakeStep;
import io.vitessbeam.testing.FakeStep.Gate;
import io.vitessbeam.testing.FakeVtgate;
import io.vitessbeam.testing.TestPipelines;
import io.vitessbeam.testing.TestPipelines.EmbeddedRunner;
import io.vitessbeam.vstream.follow.StreamEnd;
import io.vitessbeam.vstream.position.ShardStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.io.GenerateSequence;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollection.IsBounded;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTagList;
import org.joda.time.Duration;
import org.joda.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Streams of a scripted vtgate on real runners: what goes in comes out. */
@Timeout(180)
class StreamPipelineTest {

  private static final int LAST = 25;

  private final String run = UUID.randomUUID().toString();
  private FakeVtgate vtgate;

  @BeforeEach
  void start() throws IOException {
    vtgate = new FakeVtgate();
  }

  @AfterEach
  void stop() {
    Observe.BY_RUN.remove(run);
    vtgate.close();
  }

  @ParameterizedTest
  @EnumSource(EmbeddedRunner.class)
  void boundedStreamsGiveEverythingOnce(EmbeddedRunner runner) {
    List<ShardStream> streams = new ArrayList<>();
    for (int number = 0; number < 3; number++) {
      streams.add(new FakeShard(vtgate, number).serve(LAST).stream(number, 64, 1, LAST));
    }
    List<Block> blocks =
        TestPipelines.read(runner, new Bounded(FakeShard.source(vtgate), run, streams));

    Map<String, List<Block>> byShard =
        blocks.stream().collect(Collectors.groupingBy(block -> block.origin().shard()));
    assertThat(byShard).containsOnlyKeys("0", "1", "2");
    byShard.forEach(
        (shard, all) -> {
          TreeMap<Long, Block> bySequence = new TreeMap<>();
          all.forEach(block -> bySequence.put(block.origin().sequence(), block));
          assertThat(bySequence).hasSize(all.size()).hasSize(LAST);
          List<Block> inOrder = List.copyOf(bySequence.values());
          assertThat(FakeShard.numbers(inOrder)).isEqualTo(numbers(2, LAST));
          assertThat(inOrder.get(LAST - 1).origin().rangeRows()).isEqualTo(LAST - 1);
        });
    assertThat(vtgate.requests()).as("streams").hasSize(3);
  }

  private static final class Bounded extends PTransform<PBegin, PCollection<Block>> {

    private static final long serialVersionUID = 1L;

    private final VitessCdcUri source;
    private final String run;
    private final List<ShardStream> streams;

    Bounded(VitessCdcUri source, String run, List<ShardStream> streams) {
      this.source = source;
      this.run = run;
      this.streams = streams;
    }

    @Override
    public PCollection<Block> expand(PBegin begin) {
      PCollectionTuple all =
          begin
              .apply(Create.of(streams).withCoder(SerializableCoder.of(ShardStream.class)))
              .apply(
                  ParDo.of(new BoundedStreamFn(source, run, "read"))
                      .withOutputTags(BoundedStreamFn.BLOCKS, BoundedStreamFn.MORE));
      all.get(BoundedStreamFn.ENDS).setCoder(SerializableCoder.of(StreamEnd.class));
      PCollection<Block> blocks = all.get(BoundedStreamFn.BLOCKS).setCoder(BlockCoder.of());
      assertThat(blocks.isBounded()).isEqualTo(IsBounded.BOUNDED);
      return blocks;
    }
  }

  @Test
  void unboundedStreamsGiveEverythingOnceOnTheDirectRunner() throws Exception {
    Observed observed = observed(0);
    List<ShardStream> streams = new ArrayList<>();
    for (int number = 0; number < 2; number++) {
      streams.add(new FakeShard(vtgate, number).serve(LAST).stream(number, 64, 1, 0));
    }
    Pipeline pipeline = pipeline("--runner=DirectRunner", "--blockOnRun=false");
    follow(pipeline, streams);
    PipelineResult result = pipeline.run();
    observed.complete.await();
    result.cancel();

    // This runner works on several bundles of a shard at the same time.
    for (String shard : List.of("0", "1")) {
      assertThat(observed.of(shard)).containsExactlyInAnyOrderElementsOf(numbers(2, LAST));
    }
  }

  /**
   * Flink restores the positions of its last checkpoint when a function behind the streams fails:
   * what was given out before it does not come again, and all that came after it does.
   */
  @Test
  void unboundedStreamsGoOnFromFlinksCheckpoints() throws InterruptedException {
    Observed observed = observed(18);
    List<FakeShard> shards = List.of(new FakeShard(vtgate, 0), new FakeShard(vtgate, 1));
    for (FakeShard shard : shards) {
      List<FakeStep> steps = new ArrayList<>();
      for (int n = 2; n <= LAST; n++) {
        if (n == 13) {
          steps.add(FakeStep.await(observed.checkpointed));
        }
        steps.add(FakeStep.send(shard.transaction(n, "x")));
      }
      shard.next(1, steps.toArray(FakeStep[]::new)).serve(LAST, "x");
    }
    Pipeline pipeline =
        pipeline(
            "--runner=FlinkRunner",
            "--flinkMaster=[local]",
            "--streaming",
            "--parallelism=2",
            "--checkpointingInterval=200",
            "--numberOfExecutionRetries=1",
            "--executionRetryDelay=10");
    follow(pipeline, List.of(shards.get(0).stream(0, 2, 1, 0), shards.get(1).stream(1, 2, 1, 0)));
    // Nothing else ends an unbounded pipeline of an embedded Flink.
    pipeline
        .apply("Tick", GenerateSequence.from(0).withRate(1, Duration.millis(100)))
        .apply("End", ParDo.of(new End(run)));

    assertThatThrownBy(() -> pipeline.run().waitUntilFinish()).hasStackTraceContaining(End.MESSAGE);
    assertThat(observed.failed).as("failed in between").isTrue();
    for (String shard : List.of("0", "1")) {
      List<Long> seen = observed.of(shard);
      assertThat(Set.copyOf(seen)).isEqualTo(Set.copyOf(numbers(2, LAST)));
      assertThat(seen.stream().filter(n -> n <= 12)).isEqualTo(numbers(2, 12));
      assertThat(stepsBack(seen)).isLessThanOrEqualTo(1);
    }
    // Each shard was opened again, and not at its begin.
    assertThat(positions()).hasSize(4);
    assertThat(positions().subList(2, 4)).allMatch(gtid -> last(gtid) >= 12);
  }

  private List<String> positions() {
    return vtgate.requests().stream()
        .map(VStreamRequest::getVgtid)
        .map(vgtid -> vgtid.getShardGtids(0))
        .map(ShardGtid::getGtid)
        .toList();
  }

  private static long last(String gtid) {
    return Long.parseLong(gtid.substring(gtid.lastIndexOf('-') + 1));
  }

  private static long stepsBack(List<Long> numbers) {
    long steps = 0;
    for (int i = 1; i < numbers.size(); i++) {
      steps += numbers.get(i) <= numbers.get(i - 1) ? 1 : 0;
    }
    return steps;
  }

  private void follow(Pipeline pipeline, List<ShardStream> streams) {
    PCollection<Block> blocks =
        pipeline
            .apply(Create.of(streams).withCoder(SerializableCoder.of(ShardStream.class)))
            .apply(
                ParDo.of(new UnboundedStreamFn(FakeShard.source(vtgate), run, "read", true))
                    .withOutputTags(UnboundedStreamFn.BLOCKS, TupleTagList.empty()))
            .get(UnboundedStreamFn.BLOCKS)
            .setCoder(BlockCoder.of());
    assertThat(blocks.isBounded()).isEqualTo(IsBounded.UNBOUNDED);
    blocks.apply("Observe", ParDo.of(new Observe(run)));
  }

  private static Pipeline pipeline(String... options) {
    return Pipeline.create(PipelineOptionsFactory.fromArgs(options).create());
  }

  private Observed observed(int failAt) {
    Observed observed = new Observed(failAt);
    Observe.BY_RUN.put(run, observed);
    return observed;
  }

  private static List<Long> numbers(int first, int last) {
    return LongStream.rangeClosed(first, last).boxed().toList();
  }

  /** What came, and when it failed. The runners are embedded, so a static map reaches it. */
  private static final class Observed {

    private record Seen(String shard, long number) {}

    final Gate checkpointed = new Gate();
    final CountDownLatch complete = new CountDownLatch(1);
    volatile boolean failed;

    private final int failAt;
    private final Queue<Seen> seen = new ConcurrentLinkedQueue<>();
    private final Set<Seen> safe = ConcurrentHashMap.newKeySet();

    /**
     * @param failAt number at which to fail, once; 0 for never
     */
    Observed(int failAt) {
      this.failAt = failAt;
    }

    List<Long> of(String shard) {
      return seen.stream().filter(entry -> entry.shard().equals(shard)).map(Seen::number).toList();
    }

    synchronized void add(String shard, List<Long> numbers) {
      for (long number : numbers) {
        seen.add(new Seen(shard, number));
        if (number == failAt && !failed) {
          failed = true;
          throw new IllegalStateException("fails once");
        }
      }
      if (Set.copyOf(seen).size() == 2 * (LAST - 1)) {
        complete.countDown();
      }
    }

    synchronized void committed(String shard, List<Long> numbers) {
      numbers.forEach(number -> safe.add(new Seen(shard, number)));
      if (safe.size() >= 2 * 11) {
        checkpointed.open();
      }
    }
  }

  private static final class Observe extends DoFn<Block, Void> {

    private static final Map<String, Observed> BY_RUN = new ConcurrentHashMap<>();

    private final String run;

    Observe(String run) {
      this.run = run;
    }

    @ProcessElement
    public void process(@Element Block block, BundleFinalizer finalizer) {
      Observed observed = BY_RUN.get(run);
      String shard = block.origin().shard();
      List<Long> numbers = FakeShard.numbers(List.of(block));
      finalizer.afterBundleCommit(
          Instant.now().plus(Duration.standardMinutes(5)),
          () -> observed.committed(shard, numbers));
      observed.add(shard, numbers);
    }
  }

  /** Fails for good when all has come. */
  private static final class End extends DoFn<Long, Void> {

    static final String MESSAGE = "all has come";

    private final String run;

    End(String run) {
      this.run = run;
    }

    @ProcessElement
    public void process() {
      if (Observe.BY_RUN.get(run).complete.getCount() == 0) {
        throw new IllegalStateException(MESSAGE);
      }
    }
  }
}
