package io.vitessbeam;

import java.util.Map;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PInput;
import org.apache.beam.sdk.values.POutput;
import org.apache.beam.sdk.values.PValue;
import org.apache.beam.sdk.values.TupleTag;

/** What {@link VitessWrite} gives back: the tables it loaded, each only after it is in place. */
public final class VitessWriteResult implements POutput {

  private static final TupleTag<LoadedTable> LOADED = new TupleTag<>("loaded");

  private final PCollection<LoadedTable> loaded;

  VitessWriteResult(PCollection<LoadedTable> loaded) {
    this.loaded = loaded;
  }

  /**
   * One element per table, in the global window, when the table is published; fit for {@code
   * Wait.on}.
   */
  public PCollection<LoadedTable> loaded() {
    return loaded;
  }

  @Override
  public Pipeline getPipeline() {
    return loaded.getPipeline();
  }

  @Override
  public Map<TupleTag<?>, PValue> expand() {
    return Map.of(LOADED, loaded);
  }

  @Override
  public void finishSpecifyingOutput(
      String transformName, PInput input, PTransform<?, ?> transform) {}
}
