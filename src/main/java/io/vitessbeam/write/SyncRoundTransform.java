package io.vitessbeam.write;

import io.vitessbeam.VitessSync;
import io.vitessbeam.block.Block;
import io.vitessbeam.block.BlockCoder;
import io.vitessbeam.read.ReadRangesFn;
import io.vitessbeam.read.cursor.ReadRange;
import io.vitessbeam.sync.BrokenCopiesFn;
import io.vitessbeam.sync.CopyRangesFn;
import io.vitessbeam.sync.CopyStreamsFn;
import io.vitessbeam.sync.StopBoundaryFn;
import io.vitessbeam.sync.SyncOptions;
import io.vitessbeam.sync.SyncPlan;
import io.vitessbeam.vstream.BoundedStreamFn;
import io.vitessbeam.vstream.follow.StreamEnd;
import io.vitessbeam.vstream.position.ExecutedGtids;
import io.vitessbeam.vstream.position.ShardStream;
import java.util.UUID;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.View;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.PCollectionView;
import org.apache.beam.sdk.values.TupleTag;

/**
 * A round of a {@link VitessSync}: copies what its plan says, then follows all its tables up to
 * where the source stands when the copies are complete, and stages everything.
 */
public final class SyncRoundTransform extends PTransform<PCollection<SyncPlan>, PCollectionTuple> {

  public static final TupleTag<SyncReceipt> RECEIPTS = new TupleTag<>("receipts") {};
  public static final TupleTag<StreamEnd> ENDS = new TupleTag<>("ends") {};

  private static final long serialVersionUID = 1L;

  private final SyncOptions options;
  private final Destination destination;
  private final SyncSpec spec;
  private final PCollectionView<String> run;
  private final String progress;
  private final int round;

  /**
   * The round of a run.
   *
   * @param run its id
   * @param progress the name under which it is reported
   */
  public SyncRoundTransform(
      SyncOptions options,
      Destination destination,
      SyncSpec spec,
      PCollectionView<String> run,
      String progress,
      int round) {
    this.options = options;
    this.destination = destination;
    this.spec = spec;
    this.run = run;
    this.progress = progress;
    this.round = round;
  }

  /** Blocks that are given out, and for streams how they ended. */
  private record Part(PCollection<Block> blocks, PCollection<StreamEnd> ends) {}

  @Override
  public PCollectionTuple expand(PCollection<SyncPlan> plan) {
    PCollectionView<SyncPlan> planView = plan.apply("Plan", View.asSingleton());
    Part copy =
        options.uri().vstreamCopy()
            ? follow("Copy", copyingStreams(plan), options.parallelism())
            : new Part(ranges(plan), null);
    PCollection<SyncReceipt> copied = stage("copy", copy.blocks(), planView);
    PCollectionView<Iterable<SyncReceipt>> copies = copied.apply("Copies", View.asIterable());
    Part changes =
        follow(
            "Follow",
            plan.apply(
                    "Open streams",
                    ParDo.of(new StopBoundaryFn<>(options, copies)).withSideInputs(copies))
                .setCoder(SerializableCoder.of(ShardStream.class)),
            Integer.MAX_VALUE);
    PCollection<SyncReceipt> followed = stage("stream", changes.blocks(), planView);
    return PCollectionTuple.of(
            RECEIPTS,
            PCollectionList.of(copied).and(followed).apply("Receipts", Flatten.pCollections()))
        .and(ENDS, copy.ends() == null ? changes.ends() : merged(changes.ends(), copy.ends()));
  }

  private PCollection<Block> ranges(PCollection<SyncPlan> plan) {
    return plan.apply("Plan ranges", ParDo.of(new CopyRangesFn(options)))
        .setCoder(SerializableCoder.of(ReadRange.class))
        .apply(
            "Read ranges",
            ParDo.of(
                new ReadRangesFn(
                    progress,
                    UUID.randomUUID().toString(),
                    plan.getPipeline().getOptions(),
                    options.parallelism(),
                    ExecutedGtids.primary(options.uri().vitess()))))
        .setCoder(BlockCoder.of());
  }

  private PCollection<ShardStream> copyingStreams(PCollection<SyncPlan> plan) {
    return plan.apply("Plan copies", ParDo.of(new CopyStreamsFn(options)))
        .setCoder(SerializableCoder.of(ShardStream.class));
  }

  private Part follow(String name, PCollection<ShardStream> streams, int most) {
    PCollectionTuple output =
        streams.apply(
            name,
            ParDo.of(
                    new BoundedStreamFn(
                        options.uri(), progress, UUID.randomUUID().toString(), most))
                .withOutputTags(BoundedStreamFn.BLOCKS, BoundedStreamFn.MORE));
    return new Part(
        output.get(BoundedStreamFn.BLOCKS).setCoder(BlockCoder.of()),
        output.get(BoundedStreamFn.ENDS).setCoder(SerializableCoder.of(StreamEnd.class)));
  }

  private PCollection<SyncReceipt> stage(
      String kind, PCollection<Block> blocks, PCollectionView<SyncPlan> plan) {
    return blocks
        .apply(
            "Stage " + kind,
            ParDo.of(new StageSyncFn(destination, spec, run, kind + " " + round, plan))
                .withSideInputs(run, plan))
        .setCoder(SerializableCoder.of(SyncReceipt.class));
  }

  private static PCollection<StreamEnd> merged(
      PCollection<StreamEnd> ends, PCollection<StreamEnd> copyEnds) {
    PCollectionView<Iterable<StreamEnd>> copies = copyEnds.apply("Copy ends", View.asIterable());
    return ends.apply("Broken copies", ParDo.of(new BrokenCopiesFn(copies)).withSideInputs(copies))
        .setCoder(SerializableCoder.of(StreamEnd.class));
  }
}
