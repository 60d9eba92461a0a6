package io.vitessbeam.vstream;

import io.vitessbeam.VStreamResult.BrokenTable;
import io.vitessbeam.block.Block;
import io.vitessbeam.testing.CutTracker;
import io.vitessbeam.testing.CutTracker.Cut;
import io.vitessbeam.vstream.follow.StreamEnd;
import io.vitessbeam.vstream.position.ShardStream;
import io.vitessbeam.vstream.position.StreamPosition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.transforms.DoFn.MultiOutputReceiver;
import org.apache.beam.sdk.transforms.DoFn.OutputReceiver;
import org.apache.beam.sdk.transforms.DoFn.ProcessContinuation;
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
  final List<BrokenTable> broken = new ArrayList<>();
  final WatermarkEstimators.Manual watermark =
      new WatermarkEstimators.Manual(BoundedWindow.TIMESTAMP_MIN_VALUE);

  private final StreamFn<?> function;
  private final ShardStream stream;

  StreamPosition position;

  /** Whether nothing is left. */
  boolean finished;

  StreamCalls(StreamFn<?> function, ShardStream stream) {
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
  ProcessContinuation call(StreamFn<?> by, int splitBefore) throws InterruptedException {
    return call(by, Cut.BEFORE_A_CLAIM, splitBefore, 0);
  }

  /** The same with any cut, see {@link CutTracker}. */
  ProcessContinuation call(StreamFn<?> by, Cut cut, int claim, double fraction)
      throws InterruptedException {
    CutTracker<StreamPosition, StreamTracker.Claim> tracker =
        new CutTracker<>(by.newTracker(position), cut, claim, fraction);
    ProcessContinuation continuation =
        by instanceof BoundedStreamFn bounded
            ? bounded.process(stream, tracker, new Outputs())
            : ((UnboundedStreamFn) by).process(stream, tracker, watermark, new Outputs());
    if (continuation.shouldResume()) {
      tracker.checkpoint();
    }
    tracker.checkDone();
    finished = tracker.residual() == null;
    position = finished ? tracker.currentRestriction() : tracker.residual();
    return continuation;
  }

  ProcessContinuation call() throws InterruptedException {
    return call(function, 0);
  }

  private void addBlock(Block block, Instant timestamp) {
    blocks.add(new Timed(block, timestamp));
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
      byTag.put(UnboundedStreamFn.BLOCKS, new Output<>(StreamCalls.this::addBlock));
      byTag.put(
          UnboundedStreamFn.BROKEN, new Output<BrokenTable>((table, at) -> broken.add(table)));
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
