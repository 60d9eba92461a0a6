package io.vitessbeam.sync;

import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.io.GenerateSequence;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.Impulse;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;

/**
 * What begins a run without an end: one element, once in the life of a job. Not by Beam's {@code
 * Impulse} (nor by its {@code Create} of one element, which is one): on Flink that has no uid, and
 * the one that Flink makes up depends on what it is chained to, which another parallelism changes.
 * So a savepoint could be restored with the same parallelism only, or a second run would begin
 * beside the restored one. A source that is read has its name as its uid.
 */
public final class OnceTransform extends PTransform<PBegin, PCollection<byte[]>> {

  private static final long serialVersionUID = 1L;

  private OnceTransform() {}

  /**
   * What begins a run. Each step that begins with it needs one of its own.
   *
   * @param endless whether the run has no end; to one that has an {@code Impulse} does
   */
  public static PTransform<PBegin, PCollection<byte[]>> of(boolean endless) {
    return endless ? new OnceTransform() : Impulse.create();
  }

  @Override
  public PCollection<byte[]> expand(PBegin begin) {
    return begin
        .apply("One", GenerateSequence.from(0).to(1))
        .apply("Nothing", ParDo.of(new NothingFn()))
        .setCoder(ByteArrayCoder.of());
  }

  private static final class NothingFn extends DoFn<Long, byte[]> {

    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void process(OutputReceiver<byte[]> output) {
      output.output(new byte[0]);
    }
  }
}
