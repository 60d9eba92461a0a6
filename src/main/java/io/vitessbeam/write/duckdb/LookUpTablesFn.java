package io.vitessbeam.write.duckdb;

import io.vitessbeam.vstream.StoredTables;
import org.apache.beam.sdk.transforms.DoFn;

/** Finds out, when the pipeline runs, where the tables of a destination stand. */
public final class LookUpTablesFn extends DoFn<byte[], StoredTables> {

  private static final long serialVersionUID = 1L;

  private final SyncTarget target;

  public LookUpTablesFn(SyncTarget target) {
    this.target = target;
  }

  @ProcessElement
  public void process(OutputReceiver<StoredTables> output) {
    SyncLoad load = Loads.ofThisJvm().acquire(target);
    try {
      output.output(load.lookUp());
    } finally {
      Loads.ofThisJvm().release(load);
    }
  }
}
