package io.vitessbeam.write;

import io.vitessbeam.sync.StoredTables;
import org.apache.beam.sdk.transforms.DoFn;

/** Finds out, when the pipeline runs, where the tables of a destination stand. */
public final class LookUpTablesFn extends DoFn<String, StoredTables> {

  private static final long serialVersionUID = 1L;

  private final Destination destination;
  private final SyncSpec spec;

  /** Of the run whose id it is given. */
  public LookUpTablesFn(Destination destination, SyncSpec spec) {
    this.destination = destination;
    this.spec = spec;
  }

  @ProcessElement
  public void process(@Element String run, OutputReceiver<StoredTables> output) {
    SyncLoader load = destination.follower(spec.in(run));
    try {
      output.output(load.lookUp());
    } finally {
      load.release();
    }
  }
}
