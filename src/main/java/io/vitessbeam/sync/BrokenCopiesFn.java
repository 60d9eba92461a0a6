package io.vitessbeam.sync;

import io.vitessbeam.vstream.follow.StreamEnd;
import java.util.Map;
import java.util.TreeMap;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.PCollectionView;

/**
 * Adds to the ends of a round's streams which of the tables could not be copied by VStream: nothing
 * that was followed makes up for that.
 */
public final class BrokenCopiesFn extends DoFn<StreamEnd, StreamEnd> {

  private static final long serialVersionUID = 1L;

  private final PCollectionView<Iterable<StreamEnd>> copies;

  /**
   * @param copies how the copying streams of the round ended, as a side input
   */
  public BrokenCopiesFn(PCollectionView<Iterable<StreamEnd>> copies) {
    this.copies = copies;
  }

  @ProcessElement
  public void process(ProcessContext context) {
    context.output(with(context.element(), context.sideInput(copies)));
  }

  static StreamEnd with(StreamEnd end, Iterable<StreamEnd> copies) {
    Map<String, String> broken = new TreeMap<>(end.broken());
    copies.forEach(copy -> copy.broken().forEach(broken::putIfAbsent));
    return new StreamEnd(
        end.round(), end.range(), end.ranges(), end.shard(), end.gtid(), end.rows(), broken);
  }
}
