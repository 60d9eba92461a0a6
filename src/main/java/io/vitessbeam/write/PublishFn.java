package io.vitessbeam.write;

import io.vitessbeam.LoadedTable;
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
  private final PCollectionView<Iterable<StagedRange>> receipts;

  public PublishFn(
      Destination destination, LoadSpec spec, PCollectionView<Iterable<StagedRange>> receipts) {
    this.destination = destination;
    this.spec = spec;
    this.receipts = receipts;
  }

  @ProcessElement
  public void process(ProcessContext context) {
    List<StagedRange> staged = new ArrayList<>();
    context.sideInput(receipts).forEach(staged::add);
    Loader load = destination.loader(spec);
    try {
      LoadedTable loaded = load.publish(staged);
      rowsPublished.inc(loaded.rows());
      context.output(loaded);
    } finally {
      load.release();
    }
  }
}
