package io.vitessbeam.read;

import io.vitessbeam.block.Block;
import io.vitessbeam.testing.CutTracker;
import io.vitessbeam.testing.CutTracker.Cut;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.transforms.DoFn.OutputReceiver;
import org.apache.beam.sdk.transforms.DoFn.ProcessContinuation;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.transforms.windowing.PaneInfo;
import org.apache.beam.sdk.values.OutputBuilder;
import org.apache.beam.sdk.values.WindowedValues;

/** Calls the function for a range as a runner does, and keeps what it gives out. */
final class RangeCalls {

  final List<Block> blocks = new ArrayList<>();

  private final ReadPart range;

  RangePosition position = RangePosition.START;

  /** Whether nothing is left. */
  boolean finished;

  RangeCalls(ReadPart range) {
    this.range = range;
  }

  ProcessContinuation call(ReadRangesFn by) throws InterruptedException {
    return call(by, Cut.NEVER, 0, 0);
  }

  /** Makes a call and goes on at its residual, see {@link CutTracker}. */
  ProcessContinuation call(ReadRangesFn by, Cut cut, int claim, double fraction)
      throws InterruptedException {
    CutTracker<RangePosition, RangePosition> tracker =
        new CutTracker<>(by.newTracker(range, position), cut, claim, fraction);
    ProcessContinuation continuation = by.process(range, tracker, new Output());
    if (continuation.shouldResume()) {
      tracker.checkpoint();
    }
    tracker.checkDone();
    finished = tracker.residual() == null;
    position = finished ? tracker.currentRestriction() : tracker.residual();
    return continuation;
  }

  private final class Output implements OutputReceiver<Block> {

    @Override
    public OutputBuilder<Block> builder(Block value) {
      return WindowedValues.<Block>builder()
          .setValue(value)
          .setTimestamp(BoundedWindow.TIMESTAMP_MIN_VALUE)
          .setWindow(GlobalWindow.INSTANCE)
          .setPaneInfo(PaneInfo.NO_FIRING)
          .setReceiver(element -> blocks.add(element.getValue()));
    }
  }
}
