package io.vitessbeam.write;

import io.vitessbeam.SyncedTable;
import io.vitessbeam.sync.SyncPlan;
import io.vitessbeam.vstream.follow.StreamEnd;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.metrics.StringSet;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.PCollectionView;

/**
 * Publishes all tables of a run when everything is staged. What it needs comes as side inputs, so
 * that it runs once, and runs also when something is missing, which must not pass for success.
 */
public final class PublishSyncFn extends DoFn<byte[], SyncedTable> {

  private static final long serialVersionUID = 1L;

  private final Counter rowsPublished = Metrics.counter(PublishSyncFn.class, "rows_published");
  private final StringSet tablesSynced = Metrics.stringSet(PublishSyncFn.class, SyncedTable.METRIC);
  private final Destination destination;
  private final SyncSpec spec;
  private final PCollectionView<String> run;
  private final PCollectionView<Iterable<SyncReceipt>> receipts;
  private final PCollectionView<SyncPlan> firstPlan;
  private final PCollectionView<Iterable<StreamEnd>> firstEnds;
  private final PCollectionView<SyncPlan> secondPlan;
  private final PCollectionView<Iterable<StreamEnd>> secondEnds;

  /**
   * @param run its id
   * @param receipts of all parts of both rounds
   */
  public PublishSyncFn(
      Destination destination,
      SyncSpec spec,
      PCollectionView<String> run,
      PCollectionView<Iterable<SyncReceipt>> receipts,
      PCollectionView<SyncPlan> firstPlan,
      PCollectionView<Iterable<StreamEnd>> firstEnds,
      PCollectionView<SyncPlan> secondPlan,
      PCollectionView<Iterable<StreamEnd>> secondEnds) {
    this.destination = destination;
    this.spec = spec;
    this.run = run;
    this.receipts = receipts;
    this.firstPlan = firstPlan;
    this.firstEnds = firstEnds;
    this.secondPlan = secondPlan;
    this.secondEnds = secondEnds;
  }

  @ProcessElement
  public void process(ProcessContext context) {
    SyncRound first =
        new SyncRound(context.sideInput(firstPlan), list(context.sideInput(firstEnds)));
    SyncRound second =
        new SyncRound(context.sideInput(secondPlan), list(context.sideInput(secondEnds)));
    SyncLoader load = destination.follower(spec.in(context.sideInput(run)));
    try {
      for (SyncedTable table : load.publish(first, second, list(context.sideInput(receipts)))) {
        rowsPublished.inc(
            table.rowsCopied() + table.inserted() + table.updated() + table.deleted());
        tablesSynced.add(table.encode());
        context.output(table);
      }
    } finally {
      load.release();
    }
  }

  private static <T> List<T> list(Iterable<T> elements) {
    List<T> list = new ArrayList<>();
    elements.forEach(list::add);
    return list;
  }
}
