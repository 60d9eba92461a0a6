package io.vitessbeam;

import io.vitessbeam.block.Block;
import io.vitessbeam.connect.PostgresqlUri;
import io.vitessbeam.write.Destination;
import io.vitessbeam.write.LoadSpec;
import io.vitessbeam.write.PublishFn;
import io.vitessbeam.write.StageBlocksFn;
import io.vitessbeam.write.StagedRange;
import io.vitessbeam.write.TargetTable;
import io.vitessbeam.write.duckdb.DuckDbDestination;
import io.vitessbeam.write.postgresql.PostgresqlDestination;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.transforms.Impulse;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.View;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.transforms.windowing.DefaultTrigger;
import org.apache.beam.sdk.transforms.windowing.GlobalWindows;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollection.IsBounded;
import org.apache.beam.sdk.values.PCollectionView;
import org.apache.beam.sdk.values.Row;
import org.joda.time.Duration;

/**
 * Writes the blocks of a bounded read into one table of a destination.
 *
 * <pre>{@code
 * blocks.apply(
 *     VitessWrite.to(DuckDbUri.parse("duckdb:///shop.duckdb"))
 *         .withTable("shop.orders")
 *         .withStrategy(WriteStrategy.REPLACE));
 * }</pre>
 *
 * <p>Rows are staged beside the table, range by range; when all ranges are there and the counts of
 * what was read and staged agree, they are brought into the table as the strategy says. A run that
 * fails, or is killed, leaves the table as it was; what it staged is dropped by {@link #abort}, or
 * by the next write to the same file or schema; in DuckDB also when the JVM exits.
 */
public final class VitessWrite extends PTransform<PCollection<Block>, VitessWriteResult> {

  private final Destination destination;
  private final LoadSpec spec;

  private VitessWrite(Destination destination, LoadSpec spec) {
    this.destination = destination;
    this.spec = spec;
  }

  /** A write to a DuckDB file, which is created if it doesn't exist; its directory must exist. */
  public static VitessWrite to(DuckDbUri uri) {
    return new VitessWrite(
        new DuckDbDestination(Objects.requireNonNull(uri, "uri")),
        LoadSpec.of(UUID.randomUUID().toString()));
  }

  /** A write to a PostgreSQL database, which must exist; its schemas are created if missing. */
  public static VitessWrite to(PostgresqlUri uri) {
    return new VitessWrite(
        new PostgresqlDestination(Objects.requireNonNull(uri, "uri")),
        LoadSpec.of(UUID.randomUUID().toString()));
  }

  /**
   * The table to write: {@code table} or {@code schema.table}, created if missing. A part that
   * holds a dot goes between double quotes.
   */
  public VitessWrite withTable(String name) {
    return new VitessWrite(destination, spec.withTable(TargetTable.parse(name)));
  }

  /** The table to write, by its exact names. */
  public VitessWrite withTable(String schema, String name) {
    return new VitessWrite(destination, spec.withTable(new TargetTable(schema, name)));
  }

  public VitessWrite withStrategy(WriteStrategy newStrategy) {
    return new VitessWrite(
        destination, spec.withStrategy(Objects.requireNonNull(newStrategy, "strategy")));
  }

  /** The columns that tell rows apart; by default those of the source's primary key. */
  public VitessWrite withPrimaryKey(List<String> columns) {
    return new VitessWrite(destination, spec.withPrimaryKey(columns));
  }

  /**
   * The column by which rows age: of several rows with one key the one with its highest value is
   * the last, and {@link WriteStrategy#DELETE_INSERT} replaces its interval.
   */
  public VitessWrite withIncrementalKey(String column) {
    return new VitessWrite(destination, spec.withIncrementalKey(column));
  }

  /**
   * The interval of the incremental key that the rows were asked for, both ends included; null for
   * no limit. Without it {@link WriteStrategy#DELETE_INSERT} takes the one that the rows cover.
   */
  public VitessWrite withInterval(String start, String end) {
    return new VitessWrite(
        destination,
        spec.withInterval(
            new LoadSpec.Interval(start == null ? "" : start, end == null ? "" : end)));
  }

  /**
   * Fails instead of adding columns to a table that is there, or widening them. {@link
   * WriteStrategy#REPLACE} makes a new table and doesn't mind.
   */
  public VitessWrite withFrozenSchema() {
    return new VitessWrite(destination, spec.withFrozenSchema());
  }

  /**
   * Names the run; by default a random name is given when the pipeline is built. It is what retries
   * of this run are recognised by, so no other run may have the same.
   */
  public VitessWrite withRunId(String id) {
    return new VitessWrite(destination, spec.withRunId(id));
  }

  /**
   * Rolls back and drops at once what this run has staged from this JVM, for a program whose
   * pipeline failed before the write did. Does nothing if the run never came to write, or is
   * published. Must not be called while the pipeline is meant to go on.
   */
  public void abort() {
    destination.abort(spec.runId());
  }

  /**
   * The same write of Rows. Their schema gives the columns, see {@link
   * io.vitessbeam.schema.BeamColumn}; the key is what {@link #withPrimaryKey} names. Rows are dealt
   * out to a fixed number of groups by a shuffle, and read from there.
   */
  public PTransform<PCollection<Row>, VitessWriteResult> rows() {
    return new Rows(this);
  }

  private static final class Rows extends PTransform<PCollection<Row>, VitessWriteResult> {

    private static final long serialVersionUID = 1L;

    private final VitessWrite write;

    Rows(VitessWrite write) {
      this.write = write;
    }

    @Override
    public VitessWriteResult expand(PCollection<Row> rows) {
      write.requireBounded(rows);
      return rows.apply(
              "Blocks", new RowsToBlocks(write.spec.table().toString(), write.spec.primaryKey()))
          .apply("Write", write);
    }
  }

  /** All elements at once, when all are there, whatever windows and triggers they came with. */
  static <T> Window<T> onePane() {
    return Window.<T>into(new GlobalWindows())
        .triggering(DefaultTrigger.of())
        .withAllowedLateness(Duration.ZERO)
        .discardingFiredPanes();
  }

  private void requireBounded(PCollection<?> input) {
    spec.requireComplete();
    if (input.isBounded() == IsBounded.UNBOUNDED) {
      throw new ConfigurationException(
          "VitessWrite with the strategy " + spec.strategy() + " needs a bounded input");
    }
  }

  @Override
  public VitessWriteResult expand(PCollection<Block> blocks) {
    requireBounded(blocks);
    PCollectionView<Iterable<StagedRange>> receipts =
        blocks
            .apply("Stage", ParDo.of(new StageBlocksFn(destination, spec)))
            .setCoder(SerializableCoder.of(StagedRange.class))
            .apply("AnyWindow", onePane())
            .apply("Receipts", View.asIterable());
    return new VitessWriteResult(
        blocks
            .getPipeline()
            .apply("Once", Impulse.create())
            .apply(
                "Publish",
                ParDo.of(new PublishFn(destination, spec, receipts)).withSideInputs(receipts))
            .setCoder(SerializableCoder.of(LoadedTable.class)));
  }

  @Override
  public void populateDisplayData(DisplayData.Builder builder) {
    builder
        .add(DisplayData.item("destination", destination.description()).withLabel("Destination"))
        .addIfNotNull(
            DisplayData.item("table", spec.table() == null ? null : spec.table().toString())
                .withLabel("Table"))
        .addIfNotNull(
            DisplayData.item("strategy", spec.strategy() == null ? null : spec.strategy().name())
                .withLabel("Strategy"));
  }
}
