package io.vitessbeam;

import java.io.Serializable;
import java.util.Map;
import java.util.Objects;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PInput;
import org.apache.beam.sdk.values.POutput;
import org.apache.beam.sdk.values.PValue;
import org.apache.beam.sdk.values.TupleTag;

/**
 * What {@link VStreamRead#withBrokenTables} gives: changes, and which tables give none any more.
 *
 * @param <T> what changes are given as
 */
public final class VStreamResult<T> implements POutput {

  private static final TupleTag<BrokenTable> BROKEN = new TupleTag<>("broken") {};

  private final TupleTag<T> tag = new TupleTag<>("changes");
  private final PCollection<T> changes;
  private final PCollection<BrokenTable> brokenTables;

  /**
   * A table whose changes can't be followed any further on a shard, such as one that was dropped or
   * whose columns were changed. What came of it before stands; to have it again, read it again,
   * beginning with a copy.
   *
   * @param position at which that was found, of the shard or of those that took its place
   * @param reason for people
   */
  public record BrokenTable(String keyspace, String table, Vgtid position, String reason)
      implements Serializable {
    public BrokenTable {
      Objects.requireNonNull(keyspace, "keyspace");
      Objects.requireNonNull(table, "table");
      Objects.requireNonNull(position, "position");
      Objects.requireNonNull(reason, "reason");
    }
  }

  VStreamResult(PCollection<T> changes, PCollection<BrokenTable> brokenTables) {
    this.changes = changes;
    this.brokenTables = brokenTables;
  }

  public PCollection<T> changes() {
    return changes;
  }

  /** Each table once per shard, with the time of the watermark. */
  public PCollection<BrokenTable> brokenTables() {
    return brokenTables;
  }

  @Override
  public Pipeline getPipeline() {
    return changes.getPipeline();
  }

  @Override
  public Map<TupleTag<?>, PValue> expand() {
    return Map.of(tag, changes, BROKEN, brokenTables);
  }

  @Override
  public void finishSpecifyingOutput(
      String transformName, PInput input, PTransform<?, ?> transform) {}
}
