package io.vitessbeam.write;

import io.vitessbeam.DataException;
import io.vitessbeam.LoadedTable;
import io.vitessbeam.write.adapt.Adaptation;
import io.vitessbeam.write.load.Receipts;
import io.vitessbeam.write.load.SubmittedRun;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.PCollectionView;

/**
 * Publishes a table when all receipts are in. They come as a side input, so that it runs once, and
 * runs also when there are none, which is an error that must not pass for success.
 */
public final class PublishFn extends DoFn<byte[], LoadedTable> {

  private final Counter rowsPublished = Metrics.counter(PublishFn.class, "rows_published");
  private final Destination destination;
  private final LoadSpec spec;
  private final Adaptation adaptation;
  private final SubmittedRun run;
  private final PCollectionView<Iterable<AttemptReceipt>> receipts;
  private final PCollectionView<Iterable<StagedBlock>> blocks;

  /**
   * @param spec as the user gave it
   * @param run that it works for
   * @param blocks what was done to them; null where nothing is
   */
  public PublishFn(
      Destination destination,
      LoadSpec spec,
      Adaptation adaptation,
      SubmittedRun run,
      PCollectionView<Iterable<AttemptReceipt>> receipts,
      PCollectionView<Iterable<StagedBlock>> blocks) {
    this.destination = destination;
    this.spec = spec;
    this.adaptation = adaptation;
    this.run = run;
    this.receipts = receipts;
    this.blocks = blocks;
  }

  @ProcessElement
  public void process(ProcessContext context) {
    List<StagedRange> staged = new ArrayList<>();
    String attempt = "";
    for (AttemptReceipt receipt : context.sideInput(receipts)) {
      if (!staged.isEmpty() && !receipt.attempt().equals(attempt)) {
        throw new DataException(
            spec.table()
                + " is not published: the runner planned the read anew while it was staged;"
                + " run again");
      }
      attempt = receipt.attempt();
      staged.add(receipt.range());
    }
    // Looked at before anything is opened: where nothing was read there is no load to open.
    Receipts.of(spec.table(), staged);
    publish(context, attempt, staged, blocks == null ? List.of() : context.sideInput(blocks));
  }

  private void publish(
      ProcessContext context,
      String attempt,
      List<StagedRange> staged,
      Iterable<StagedBlock> adapted) {
    Adaptation resolved = adaptation;
    long rowsDiscarded = 0;
    long valuesDiscarded = 0;
    long rowsFailed = 0;
    for (StagedBlock block : adapted) {
      resolved = adaptation.withNaming(block.naming());
      rowsDiscarded += block.rowsDiscarded();
      valuesDiscarded += block.valuesDiscarded();
      rowsFailed += block.rowsFailed();
    }
    Loader load = destination.loader(resolved.translate(spec).withAttempt(attempt));
    try {
      LoadedTable loaded = load.publish(run.get(), staged);
      rowsPublished.inc(loaded.rows());
      context.output(
          new LoadedTable(
              loaded.table(),
              loaded.rows(),
              loaded.ranges(),
              rowsDiscarded,
              valuesDiscarded,
              rowsFailed));
    } finally {
      load.release();
    }
  }
}
