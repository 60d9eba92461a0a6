package io.vitessbeam.vstream;

import io.vitessbeam.block.Block;
import io.vitessbeam.block.Origin;
import io.vitessbeam.connect.VitessCdcUri;
import io.vitessbeam.vstream.follow.ShardReader;
import io.vitessbeam.vstream.follow.StreamEnd;
import io.vitessbeam.vstream.position.ShardStream;
import io.vitessbeam.vstream.position.StreamPosition;
import org.apache.beam.sdk.transforms.DoFn.BoundedPerElement;
import org.apache.beam.sdk.transforms.splittabledofn.RestrictionTracker;
import org.apache.beam.sdk.transforms.splittabledofn.RestrictionTracker.IsBounded;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;

/**
 * Follows shards' streams up to the GTID set at which each ends: its blocks, the last of which
 * closes the stream as it would a range, and how it ended.
 *
 * <p>Blocks have the timestamp of the stream they are of.
 */
@BoundedPerElement
public final class BoundedStreamFn extends StreamFn<Block> {

  private static final long serialVersionUID = 1L;

  public static final TupleTag<Block> BLOCKS = new TupleTag<>("blocks") {};
  public static final TupleTag<StreamEnd> ENDS = new TupleTag<>("ends") {};
  public static final TupleTagList MORE = TupleTagList.of(ENDS);

  /**
   * A stream that fails the pipeline for a broken table, or tells of it in its {@link StreamEnd}.
   *
   * @param source where the streams come from; their keyspace need not be its own
   * @param runId under which progress is reported
   * @param read unique to this read of the run
   * @param most how many streams are read at the same time, in a JVM
   */
  BoundedStreamFn(VitessCdcUri source, String runId, String read, int most, boolean failsOnBroken) {
    super(source, runId, read, most, IsBounded.BOUNDED, failsOnBroken);
  }

  /**
   * A table that can't be followed is told in the {@link StreamEnd}.
   *
   * @param source where the streams come from; their keyspace need not be its own
   * @param runId under which progress is reported
   * @param read unique to this read of the run
   */
  public BoundedStreamFn(VitessCdcUri source, String runId, String read) {
    this(source, runId, read, Integer.MAX_VALUE);
  }

  /**
   * The same for streams that needn't be read at the same time.
   *
   * @param most how many are, in a JVM
   */
  public BoundedStreamFn(VitessCdcUri source, String runId, String read, int most) {
    this(source, runId, read, most, false);
  }

  @ProcessElement
  public ProcessContinuation process(
      @Element ShardStream stream,
      RestrictionTracker<StreamPosition, StreamTracker.Claim> tracker,
      MultiOutputReceiver output)
      throws InterruptedException {
    return follow(stream, tracker, item -> give(stream, item, output));
  }

  private static void give(ShardStream stream, ShardReader.Item item, MultiOutputReceiver output) {
    OutputReceiver<Block> blocks = output.get(BLOCKS);
    item.blocks().forEach(blocks::output);
    if (item.end() != null) {
      blocks.output(closing(stream, item.after()));
      output.get(ENDS).output(item.end());
    }
  }

  private static Block closing(ShardStream stream, StreamPosition end) {
    return Block.closing(
        stream.tables().get(0).schema(),
        new Origin(
            stream.plan(),
            stream.index(),
            stream.count(),
            end.blocks(),
            end.rows(),
            stream.shard()));
  }
}
