package io.vitessbeam;

import io.vitessbeam.block.Block;
import io.vitessbeam.write.StagedRange;
import io.vitessbeam.write.TargetTable;
import io.vitessbeam.write.duckdb.LoadId;
import io.vitessbeam.write.duckdb.Loads;
import io.vitessbeam.write.duckdb.PublishFn;
import io.vitessbeam.write.duckdb.StageBlocksFn;
import java.util.Objects;
import java.util.UUID;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.transforms.Impulse;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.View;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.transforms.windowing.GlobalWindows;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollection.IsBounded;
import org.apache.beam.sdk.values.PCollectionView;

/**
 * Writes the blocks of a bounded read into one table of a DuckDB file, all or nothing.
 *
 * <pre>{@code
 * blocks.apply(
 *     VitessWrite.to(DuckDbUri.parse("duckdb:///shop.duckdb"))
 *         .withTable("shop.orders")
 *         .withStrategy(WriteStrategy.REPLACE));
 * }</pre>
 *
 * <p>Rows are staged beside the table, range by range, from any number of threads of one JVM; when
 * all ranges are there and the counts of what was read and staged agree, one transaction puts them
 * in place. A run that fails, or is killed, leaves the table as it was; what it staged is dropped
 * when the JVM exits, by {@link #abort}, or when the file is written next.
 */
public final class VitessWrite extends PTransform<PCollection<Block>, VitessWriteResult> {

  private final DuckDbUri uri;
  private final TargetTable table;
  private final WriteStrategy strategy;
  private final String runId;

  private VitessWrite(DuckDbUri uri, TargetTable table, WriteStrategy strategy, String runId) {
    this.uri = uri;
    this.table = table;
    this.strategy = strategy;
    this.runId = runId;
  }

  /** A write to a DuckDB file, which is created if it doesn't exist; its directory must exist. */
  public static VitessWrite to(DuckDbUri uri) {
    return new VitessWrite(
        Objects.requireNonNull(uri, "uri"), null, null, UUID.randomUUID().toString());
  }

  /**
   * The table to write: {@code table} or {@code schema.table}, created if missing. A part that
   * holds a dot goes between double quotes.
   */
  public VitessWrite withTable(String name) {
    return new VitessWrite(uri, TargetTable.parse(name), strategy, runId);
  }

  /** The table to write, by its exact names. */
  public VitessWrite withTable(String schema, String name) {
    return new VitessWrite(uri, new TargetTable(schema, name), strategy, runId);
  }

  public VitessWrite withStrategy(WriteStrategy newStrategy) {
    return new VitessWrite(uri, table, Objects.requireNonNull(newStrategy, "strategy"), runId);
  }

  /**
   * Names the run; by default a random name is given when the pipeline is built. It is what retries
   * of this run are recognised by, so no other run may have the same.
   */
  public VitessWrite withRunId(String id) {
    return new VitessWrite(uri, table, strategy, Objects.requireNonNull(id, "runId"));
  }

  /**
   * Rolls back and drops at once what a run has staged in this JVM, for a program whose pipeline
   * failed before the write did. Does nothing if the run never came to write, or is published. Must
   * not be called while the pipeline is meant to go on.
   */
  public static void abort(DuckDbUri uri, String runId) {
    Loads.ofThisJvm().abort(uri, runId);
  }

  @Override
  public VitessWriteResult expand(PCollection<Block> blocks) {
    if (table == null) {
      throw new ConfigurationException("VitessWrite needs withTable(…)");
    }
    if (strategy == null) {
      throw new ConfigurationException("VitessWrite needs withStrategy(…)");
    }
    if (blocks.isBounded() == IsBounded.UNBOUNDED) {
      throw new ConfigurationException(
          "VitessWrite with the strategy " + strategy + " needs a bounded input");
    }
    return switch (strategy) {
      case REPLACE -> replace(blocks);
    };
  }

  private VitessWriteResult replace(PCollection<Block> blocks) {
    LoadId id = new LoadId(uri, runId, table);
    PCollectionView<Iterable<StagedRange>> receipts =
        blocks
            .apply("Stage", ParDo.of(new StageBlocksFn(id)))
            .setCoder(SerializableCoder.of(StagedRange.class))
            .apply("AnyWindow", Window.into(new GlobalWindows()))
            .apply("Receipts", View.asIterable());
    return new VitessWriteResult(
        blocks
            .getPipeline()
            .apply("Once", Impulse.create())
            .apply("Publish", ParDo.of(new PublishFn(id, receipts)).withSideInputs(receipts))
            .setCoder(SerializableCoder.of(LoadedTable.class)));
  }

  @Override
  public void populateDisplayData(DisplayData.Builder builder) {
    builder
        .add(DisplayData.item("destination", uri.path()).withLabel("DuckDB file"))
        .addIfNotNull(
            DisplayData.item("table", table == null ? null : table.toString()).withLabel("Table"))
        .addIfNotNull(
            DisplayData.item("strategy", strategy == null ? null : strategy.name())
                .withLabel("Strategy"));
  }
}
