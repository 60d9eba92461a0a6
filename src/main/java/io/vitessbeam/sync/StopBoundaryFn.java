package io.vitessbeam.sync;

import io.vitessbeam.vstream.position.ExecutedGtids;
import io.vitessbeam.vstream.position.ShardStream;
import java.util.List;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.PCollectionView;

/**
 * Reads where the streams of a round end, when its copies are complete, and gives the streams. What
 * was copied is exact from there on only.
 */
public final class StopBoundaryFn<ReceiptT> extends DoFn<SyncPlan, ShardStream> {

  private static final long serialVersionUID = 1L;

  private final SyncOptions options;
  private final PCollectionView<Iterable<ReceiptT>> copies;

  /**
   * @param copies what the copies left behind, as a side input, which is there when all have ended
   */
  public StopBoundaryFn(SyncOptions options, PCollectionView<Iterable<ReceiptT>> copies) {
    this.options = options;
    this.copies = copies;
  }

  @ProcessElement
  public void process(ProcessContext context) throws InterruptedException {
    SyncPlan plan = context.element();
    context.sideInput(copies);
    List<ShardStream> streams =
        plan.tables().isEmpty()
            ? List.of()
            : new RoundStreams(options, plan)
                .follow(ExecutedGtids.readPatiently(options.uri().vitess()));
    streams.forEach(context::output);
  }
}
