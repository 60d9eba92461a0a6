package io.vitessbeam.vstream;

import io.vitessbeam.block.Block;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.transforms.DoFn.MultiOutputReceiver;
import org.apache.beam.sdk.transforms.DoFn.OutputReceiver;
import org.apache.beam.sdk.transforms.DoFn.ProcessContinuation;
import org.apache.beam.sdk.transforms.splittabledofn.RestrictionTracker;
import org.apache.beam.sdk.transforms.splittabledofn.RestrictionTracker.IsBounded;
import org.apache.beam.sdk.transforms.splittabledofn.SplitResult;
import org.apache.beam.sdk.transforms.splittabledofn.WatermarkEstimators;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.transforms.windowing.PaneInfo;
import org.apache.beam.sdk.values.OutputBuilder;
import org.apache.beam.sdk.values.Row;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.WindowedValues;
import org.joda.time.Instant;

/** Calls a stream's function as a runner does, and keeps what it gives out. For one thread. */
final class StreamCalls {

  /** A block and the timestamp it was given out with. */
  record Timed(Block block, Instant timestamp) {}

  final List<Timed> blocks = new ArrayList<>();
  final List<StreamEnd> ends = new ArrayList<>();
  final WatermarkEstimators.Manual watermark =
      new WatermarkEstimators.Manual(BoundedWindow.TIMESTAMP_MIN_VALUE);

  private final StreamFn function;
  private final ShardStream stream;

  StreamPosition position;

  StreamCalls(StreamFn function, ShardStream stream) {
    this.function = function;
    this.stream = stream;
    this.position = function.initialRestriction(stream);
  }

  List<Block> blocks() {
    return blocks.stream().map(Timed::block).toList();
  }

  /**
   * Makes a call and goes on at its residual.
   *
   * @param splitBefore before which claim the runner takes a checkpoint, from 1; 0 for none
   */
  ProcessContinuation call(StreamFn by, int splitBefore) throws InterruptedException {
    Runner runner =
        new Runner(
            new StreamTracker(
                position, by instanceof BoundedStreamFn ? IsBounded.BOUNDED : IsBounded.UNBOUNDED),
            splitBefore);
    ProcessContinuation continuation =
        by instanceof BoundedStreamFn bounded
            ? bounded.process(stream, runner, new Outputs())
            : ((UnboundedStreamFn) by)
                .process(stream, runner, watermark, new Output<>(this::addBlock));
    if (runner.residual == null && continuation.shouldResume()) {
      runner.split();
    }
    runner.checkDone();
    position = runner.residual == null ? runner.currentRestriction() : runner.residual;
    return continuation;
  }

  ProcessContinuation call() throws InterruptedException {
    return call(function, 0);
  }

  private void addBlock(Block block, Instant timestamp) {
    blocks.add(new Timed(block, timestamp));
  }

  /** The tracker as the function sees it, cut by the runner at some time. */
  private static final class Runner
      extends RestrictionTracker<StreamPosition, StreamTracker.Claim> {

    private final StreamTracker tracker;
    private int claimsLeft;
    StreamPosition residual;

    Runner(StreamTracker tracker, int splitBefore) {
      this.tracker = tracker;
      this.claimsLeft = splitBefore;
    }

    void split() {
      SplitResult<StreamPosition> split = tracker.trySplit(0);
      residual = split == null ? null : split.getResidual();
    }

    @Override
    public boolean tryClaim(StreamTracker.Claim claim) {
      if (--claimsLeft == 0) {
        split();
      }
      return tracker.tryClaim(claim);
    }

    @Override
    public StreamPosition currentRestriction() {
      return tracker.currentRestriction();
    }

    @Override
    public SplitResult<StreamPosition> trySplit(double fraction) {
      return tracker.trySplit(fraction);
    }

    @Override
    public void checkDone() {
      tracker.checkDone();
    }

    @Override
    public IsBounded isBounded() {
      return tracker.isBounded();
    }
  }

  private interface Sink<T> {
    void accept(T element, Instant timestamp);
  }

  private record Output<T>(Sink<T> sink) implements OutputReceiver<T> {

    @Override
    public OutputBuilder<T> builder(T value) {
      return WindowedValues.<T>builder()
          .setValue(value)
          .setTimestamp(BoundedWindow.TIMESTAMP_MIN_VALUE)
          .setWindow(GlobalWindow.INSTANCE)
          .setPaneInfo(PaneInfo.NO_FIRING)
          .setReceiver(element -> sink.accept(element.getValue(), element.getTimestamp()));
    }
  }

  private final class Outputs implements MultiOutputReceiver {

    private final Map<TupleTag<?>, OutputReceiver<?>> byTag = new HashMap<>();

    Outputs() {
      byTag.put(BoundedStreamFn.BLOCKS, new Output<>(StreamCalls.this::addBlock));
      byTag.put(BoundedStreamFn.ENDS, new Output<StreamEnd>((end, time) -> ends.add(end)));
    }

    @Override
    @SuppressWarnings("unchecked")
    public <T> OutputReceiver<T> get(TupleTag<T> tag) {
      return (OutputReceiver<T>) byTag.get(tag);
    }

    @Override
    public <T> OutputReceiver<Row> getRowReceiver(TupleTag<T> tag) {
      throw new UnsupportedOperationException();
    }
  }
}
