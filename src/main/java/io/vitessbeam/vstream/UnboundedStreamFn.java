package io.vitessbeam.vstream;

import io.vitessbeam.VStreamResult.BrokenTable;
import io.vitessbeam.Vgtid;
import io.vitessbeam.block.Block;
import io.vitessbeam.block.RowMarks;
import io.vitessbeam.connect.VitessCdcUri;
import io.vitessbeam.vstream.follow.ReaderLimits;
import io.vitessbeam.vstream.follow.ShardReader;
import io.vitessbeam.vstream.follow.StreamWaits;
import io.vitessbeam.vstream.position.ShardStream;
import io.vitessbeam.vstream.position.StreamPosition;
import java.util.Map;
import org.apache.beam.sdk.transforms.DoFn.UnboundedPerElement;
import org.apache.beam.sdk.transforms.splittabledofn.ManualWatermarkEstimator;
import org.apache.beam.sdk.transforms.splittabledofn.RestrictionTracker;
import org.apache.beam.sdk.transforms.splittabledofn.RestrictionTracker.IsBounded;
import org.apache.beam.sdk.transforms.splittabledofn.WatermarkEstimators;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;
import org.joda.time.Instant;

/**
 * Follows shards' streams for ever, as long as there is a table to follow: their blocks, and the
 * tables that can't be followed any more.
 *
 * <p>A block has the commit time of its first change as timestamp. The watermark of a shard is the
 * commit time of what was given out last; while the shard is silent its primary is asked, and if it
 * has nothing more, the watermark is the time of the answer, by the primary's own clock. A server's
 * clock may run back; then the timestamp is that of the watermark, and nothing is late.
 *
 * <p>The plan in a block's origin is that of its stream, or after a reshard the time of that: it
 * rises with what happens to a row, through all shards that the row is in.
 */
@UnboundedPerElement
public final class UnboundedStreamFn extends StreamFn<Block> {

  private static final long serialVersionUID = 1L;

  public static final TupleTag<Block> BLOCKS = new TupleTag<>("blocks") {};
  public static final TupleTag<BrokenTable> BROKEN = new TupleTag<>("broken") {};
  public static final TupleTagList MORE = TupleTagList.of(BROKEN);

  /**
   * @param source where the streams come from; their keyspace need not be its own
   * @param runId under which progress is reported
   * @param read unique to this read of the run
   * @param failsOnBroken whether a table that can't be followed any more fails the pipeline
   */
  public UnboundedStreamFn(VitessCdcUri source, String runId, String read, boolean failsOnBroken) {
    super(source, runId, read, Integer.MAX_VALUE, IsBounded.UNBOUNDED, failsOnBroken);
  }

  @Override
  ShardReader reader(ShardStream stream, StreamPosition from, ReaderLimits limits) {
    return ShardReader.tellingTime(source(), stream, from, limits, StreamWaits.UNHEARD);
  }

  @GetInitialWatermarkEstimatorState
  public Instant initialWatermark(@Timestamp Instant elementTimestamp) {
    return elementTimestamp;
  }

  @NewWatermarkEstimator
  public WatermarkEstimators.Manual newWatermarkEstimator(
      @WatermarkEstimatorState Instant watermark) {
    return new WatermarkEstimators.Manual(watermark);
  }

  @ProcessElement
  public ProcessContinuation process(
      @Element ShardStream stream,
      RestrictionTracker<StreamPosition, StreamTracker.Claim> tracker,
      ManualWatermarkEstimator<Instant> watermark,
      MultiOutputReceiver output)
      throws InterruptedException {
    Call call = new Call(stream, watermark, output);
    call.known = tracker.currentRestriction().broken();
    return follow(stream, tracker, call::give);
  }

  /** What a call gives out. */
  private static final class Call {

    private final ShardStream stream;
    private final ManualWatermarkEstimator<Instant> watermark;
    private final MultiOutputReceiver output;

    /** The broken tables that were given out. */
    private Map<String, String> known = Map.of();

    Call(
        ShardStream stream,
        ManualWatermarkEstimator<Instant> watermark,
        MultiOutputReceiver output) {
      this.stream = stream;
      this.watermark = watermark;
      this.output = output;
    }

    /**
     * The watermark comes last: a checkpoint that a runner takes meanwhile must not be ahead of
     * what is given out.
     */
    void give(ShardReader.Item item) {
      Instant least = watermark.currentWatermark();
      OutputReceiver<Block> blocks = output.get(BLOCKS);
      for (Block block : item.blocks()) {
        blocks.outputWithTimestamp(inOrder(block, item.after()), later(least, firstCommit(block)));
      }
      giveBroken(item.after(), least);
      if (item.timeMillis() > 0) {
        watermark.setWatermark(later(least, Instant.ofEpochMilli(item.timeMillis())));
      }
    }

    private Block inOrder(Block block, StreamPosition after) {
      long since = after.sinceMillis(block.origin().shard());
      return since == 0
          ? block
          : block.withOrigin(block.origin().ofPlan(Math.max(stream.plan() + 1, since)));
    }

    private void giveBroken(StreamPosition after, Instant timestamp) {
      if (after.broken().equals(known)) {
        return;
      }
      Vgtid position = new Vgtid(stream.keyspace(), after.shards(stream.shard()));
      after
          .broken()
          .forEach(
              (table, reason) -> {
                if (!known.containsKey(table)) {
                  output
                      .get(BROKEN)
                      .outputWithTimestamp(
                          new BrokenTable(stream.keyspace(), table, position, reason), timestamp);
                }
              });
      known = after.broken();
    }
  }

  /** The least commit time of the block's rows; the least of all times if none is known. */
  private static Instant firstCommit(Block block) {
    RowMarks marks = block.marks();
    long least = Long.MAX_VALUE;
    for (int row = 0; row < block.rows(); row++) {
      long seconds = marks.commitSeconds(row);
      if (seconds > 0) {
        least = Math.min(least, seconds);
      }
    }
    return least == Long.MAX_VALUE
        ? BoundedWindow.TIMESTAMP_MIN_VALUE
        : Instant.ofEpochSecond(least);
  }

  private static Instant later(Instant a, Instant b) {
    return a.isAfter(b) ? a : b;
  }
}
