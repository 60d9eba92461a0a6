package io.vitessbeam.write.stream;

import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.PCollectionView;

/** Gives the id of a run when all that is to come before is there, as a side input. */
public final class AfterFn<T> extends DoFn<String, String> {

  private static final long serialVersionUID = 1L;

  private final PCollectionView<Iterable<T>> before;

  public AfterFn(PCollectionView<Iterable<T>> before) {
    this.before = before;
  }

  @ProcessElement
  public void process(ProcessContext context) {
    context.sideInput(before);
    context.output(context.element());
  }
}
