package io.vitessbeam.vstream;

import io.vitessbeam.block.Block;
import io.vitessbeam.block.RowMarks;
import io.vitessbeam.connect.VitessCdcUri;
import io.vitessbeam.vstream.follow.ShardReader;
import io.vitessbeam.vstream.position.ShardStream;
import io.vitessbeam.vstream.position.StreamPosition;
import org.apache.beam.sdk.transforms.DoFn.UnboundedPerElement;
import org.apache.beam.sdk.transforms.splittabledofn.ManualWatermarkEstimator;
import org.apache.beam.sdk.transforms.splittabledofn.RestrictionTracker;
import org.apache.beam.sdk.transforms.splittabledofn.RestrictionTracker.IsBounded;
import org.apache.beam.sdk.transforms.splittabledofn.WatermarkEstimators;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.joda.time.Instant;

/**
 * Follows shards' streams for ever.
 *
 * <p>A block has the commit time of its first change as timestamp, and the watermark of a shard is
 * the commit time of what was given out last, so it stands still while nothing is written. A
 * server's clock may run back; then the timestamp is that of the watermark, and nothing is late.
 */
@UnboundedPerElement
public final class UnboundedStreamFn extends StreamFn<Block> {

  private static final long serialVersionUID = 1L;

  /**
   * @param source where the streams come from; their keyspace need not be its own
   * @param runId under which progress is reported
   * @param read unique to this read of the run
   */
  public UnboundedStreamFn(VitessCdcUri source, String runId, String read) {
    super(source, runId, read, Integer.MAX_VALUE, IsBounded.UNBOUNDED, true);
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
      OutputReceiver<Block> output)
      throws InterruptedException {
    return follow(stream, tracker, item -> give(item, watermark, output));
  }

  /**
   * The watermark comes last: a checkpoint that a runner takes meanwhile must not be ahead of what
   * is given out.
   */
  private static void give(
      ShardReader.Item item,
      ManualWatermarkEstimator<Instant> watermark,
      OutputReceiver<Block> output) {
    Instant least = watermark.currentWatermark();
    for (Block block : item.blocks()) {
      output.outputWithTimestamp(block, later(least, firstCommit(block)));
    }
    if (item.commitMillis() > 0) {
      watermark.setWatermark(later(least, Instant.ofEpochMilli(item.commitMillis())));
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
