package io.vitessbeam.vstream;

import io.vitessbeam.VStreamResult.BrokenTable;
import io.vitessbeam.Vgtid;
import io.vitessbeam.Vgtid.ShardGtid;
import io.vitessbeam.block.Block;
import io.vitessbeam.block.BlockCoder;
import io.vitessbeam.connect.VitessCdcUri;
import io.vitessbeam.vstream.follow.StreamEnd;
import io.vitessbeam.vstream.position.ShardStream;
import java.util.List;
import java.util.UUID;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.GroupByKey;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.WithKeys;
import org.apache.beam.sdk.transforms.windowing.GlobalWindows;
import org.apache.beam.sdk.transforms.windowing.TimestampCombiner;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TypeDescriptors;

/**
 * Reads the streams of a plan: {@link UnboundedStreamFn#BLOCKS} and {@link
 * UnboundedStreamFn#BROKEN}.
 */
public final class StreamsTransform extends PTransform<PBegin, PCollectionTuple> {

  private static final long serialVersionUID = 1L;

  /** Copies that are read at the same time, in a JVM. */
  private static final int MOST_COPIES = 4;

  private final VitessCdcUri source;
  private final StreamPlan plan;
  private final String runId;
  private final boolean failsOnBroken;

  /**
   * @param runId under which progress is reported
   * @param failsOnBroken whether a table that can't be followed any more fails the pipeline
   */
  public StreamsTransform(
      VitessCdcUri source, StreamPlan plan, String runId, boolean failsOnBroken) {
    this.source = source;
    this.plan = plan;
    this.runId = runId;
    this.failsOnBroken = failsOnBroken;
  }

  @Override
  public PCollectionTuple expand(PBegin begin) {
    PCollection<ShardStream> follows = streams(begin, "Shards", plan.follows());
    if (plan.isBounded()) {
      PCollectionTuple read = bounded(follows, "Follow", Integer.MAX_VALUE);
      return outputs(read.get(BoundedStreamFn.BLOCKS), broken(read));
    }
    if (plan.copies().isEmpty()) {
      return unbounded(follows);
    }
    PCollectionTuple copied =
        bounded(streams(begin, "Tables of shards", plan.copies()), "Copy", MOST_COPIES);
    PCollectionTuple followed = unbounded(behind(copied.get(BoundedStreamFn.ENDS)));
    return outputs(
        PCollectionList.of(copied.get(BoundedStreamFn.BLOCKS))
            .and(followed.get(UnboundedStreamFn.BLOCKS))
            .apply("Copies and changes", Flatten.pCollections()),
        followed.get(UnboundedStreamFn.BROKEN));
  }

  private static PCollectionTuple outputs(
      PCollection<Block> blocks, PCollection<BrokenTable> broken) {
    return PCollectionTuple.of(UnboundedStreamFn.BLOCKS, blocks)
        .and(UnboundedStreamFn.BROKEN, broken);
  }

  private static PCollection<ShardStream> streams(
      PBegin begin, String name, List<ShardStream> streams) {
    return begin.apply(name, Create.of(streams).withCoder(SerializableCoder.of(ShardStream.class)));
  }

  private PCollectionTuple bounded(PCollection<ShardStream> streams, String name, int most) {
    PCollectionTuple read =
        streams.apply(
            name,
            ParDo.of(new BoundedStreamFn(source, runId, newRead(), most, failsOnBroken))
                .withOutputTags(BoundedStreamFn.BLOCKS, BoundedStreamFn.MORE));
    read.get(BoundedStreamFn.BLOCKS).setCoder(BlockCoder.of());
    read.get(BoundedStreamFn.ENDS).setCoder(SerializableCoder.of(StreamEnd.class));
    return read;
  }

  private PCollectionTuple unbounded(PCollection<ShardStream> streams) {
    PCollectionTuple read =
        streams.apply(
            "Follow",
            ParDo.of(new UnboundedStreamFn(source, runId, newRead(), failsOnBroken))
                .withOutputTags(UnboundedStreamFn.BLOCKS, UnboundedStreamFn.MORE));
    read.get(UnboundedStreamFn.BLOCKS).setCoder(BlockCoder.of());
    read.get(UnboundedStreamFn.BROKEN).setCoder(SerializableCoder.of(BrokenTable.class));
    return read;
  }

  /** What tells the open readers of one function from those of others. */
  private static String newRead() {
    return UUID.randomUUID().toString();
  }

  /** A stream has the time of its copies as its first watermark, not the end of the window. */
  private PCollection<ShardStream> behind(PCollection<StreamEnd> ends) {
    return ends.apply(
            "By shard", WithKeys.of(StreamEnd::shard).withKeyType(TypeDescriptors.strings()))
        .setCoder(KvCoder.of(StringUtf8Coder.of(), SerializableCoder.of(StreamEnd.class)))
        .apply(
            "At their time",
            Window.<KV<String, StreamEnd>>into(new GlobalWindows())
                .withTimestampCombiner(TimestampCombiner.EARLIEST))
        .apply("All copies of a shard", GroupByKey.create())
        .apply("Behind them", ParDo.of(new FollowCopiesFn(plan)))
        .setCoder(SerializableCoder.of(ShardStream.class));
  }

  private PCollection<BrokenTable> broken(PCollectionTuple read) {
    String keyspace = plan.follows().get(0).keyspace();
    return read.get(BoundedStreamFn.ENDS)
        .apply("Broken tables", ParDo.of(new BrokenFn(keyspace)))
        .setCoder(SerializableCoder.of(BrokenTable.class));
  }

  private static final class BrokenFn extends DoFn<StreamEnd, BrokenTable> {

    private static final long serialVersionUID = 1L;

    private final String keyspace;

    BrokenFn(String keyspace) {
      this.keyspace = keyspace;
    }

    @ProcessElement
    public void process(@Element StreamEnd end, OutputReceiver<BrokenTable> output) {
      Vgtid position = new Vgtid(keyspace, List.of(new ShardGtid(end.shard(), end.gtid())));
      end.broken()
          .forEach(
              (table, reason) -> output.output(new BrokenTable(keyspace, table, position, reason)));
    }
  }
}
