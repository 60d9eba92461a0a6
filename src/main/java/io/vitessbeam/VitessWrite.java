package io.vitessbeam;

import io.vitessbeam.block.Block;
import io.vitessbeam.connect.MysqlUri;
import io.vitessbeam.connect.PostgresqlUri;
import io.vitessbeam.connect.VitessUri;
import io.vitessbeam.write.AttemptReceipt;
import io.vitessbeam.write.Destination;
import io.vitessbeam.write.LoadSpec;
import io.vitessbeam.write.PublishFn;
import io.vitessbeam.write.RowBlocksTransform;
import io.vitessbeam.write.StageBlocksFn;
import io.vitessbeam.write.StagedBlock;
import io.vitessbeam.write.TargetTable;
import io.vitessbeam.write.adapt.Adaptation;
import io.vitessbeam.write.adapt.ColumnMask;
import io.vitessbeam.write.adapt.ColumnOverride;
import io.vitessbeam.write.duckdb.DuckDbDestination;
import io.vitessbeam.write.load.SubmittedRun;
import io.vitessbeam.write.mysql.MysqlDestination;
import io.vitessbeam.write.postgresql.PostgresqlDestination;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.transforms.Impulse;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.View;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.transforms.errorhandling.BadRecord;
import org.apache.beam.sdk.transforms.errorhandling.BadRecordRouter;
import org.apache.beam.sdk.transforms.errorhandling.ErrorHandler;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollection.IsBounded;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.PCollectionView;
import org.apache.beam.sdk.values.Row;
import org.apache.beam.sdk.values.TupleTagList;

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
 * <p>The pipeline may be run any number of times, and the write be applied in several; each run is
 * by itself. Rows are staged beside the table, range by range; when all ranges are there and the
 * counts of what was read and staged agree, they are brought into the table as the strategy says. A
 * run that fails, or is killed, leaves the table as it was; what it staged is dropped by {@link
 * #abort}, or by the next write to the same file or schema; in DuckDB also when the JVM exits.
 */
public final class VitessWrite extends PTransform<PCollection<Block>, VitessWriteResult> {

  private final Destination destination;
  private final LoadSpec spec;
  private final Adaptation adaptation;

  /** Of all runs, given by the user; empty if each has an id of its own. */
  private final String runId;

  /** Null if a row that does not fit fails the run. */
  private final ErrorHandler<BadRecord, ?> errorHandler;

  private VitessWrite(
      Destination destination,
      LoadSpec spec,
      Adaptation adaptation,
      String runId,
      ErrorHandler<BadRecord, ?> errorHandler) {
    this.destination = destination;
    this.spec = spec;
    this.adaptation = adaptation;
    this.runId = runId;
    this.errorHandler = errorHandler;
  }

  private static VitessWrite to(Destination destination) {
    return new VitessWrite(
        destination, LoadSpec.of(UUID.randomUUID().toString()), Adaptation.NONE, "", null);
  }

  private VitessWrite with(LoadSpec changed) {
    return new VitessWrite(destination, changed, adaptation, runId, errorHandler);
  }

  private VitessWrite with(Adaptation changed) {
    return new VitessWrite(destination, spec, changed, runId, errorHandler);
  }

  /** A write to a DuckDB file, which is created if it doesn't exist; its directory must exist. */
  public static VitessWrite to(DuckDbUri uri) {
    return to(new DuckDbDestination(Objects.requireNonNull(uri, "uri")));
  }

  /**
   * A write to an unsharded keyspace of a Vitess, which must exist. Any number of workers stage
   * beside the table, in the same keyspace.
   */
  public static VitessWrite to(VitessUri uri) {
    return to(MysqlDestination.vitess(Objects.requireNonNull(uri, "uri")));
  }

  /**
   * A write to a database of a MySQL server, which must exist. Any number of workers stage beside
   * the table, in the same database.
   */
  public static VitessWrite to(MysqlUri uri) {
    return to(MysqlDestination.mysql(Objects.requireNonNull(uri, "uri")));
  }

  /** A write to a PostgreSQL database, which must exist; its schemas are created if missing. */
  public static VitessWrite to(PostgresqlUri uri) {
    return to(new PostgresqlDestination(Objects.requireNonNull(uri, "uri")));
  }

  /**
   * The table to write: {@code table} or {@code schema.table}, created if missing. A part that
   * holds a dot goes between double quotes.
   */
  public VitessWrite withTable(String name) {
    return with(spec.withTable(TargetTable.parse(name)));
  }

  /** The table to write, by its exact names. */
  public VitessWrite withTable(String schema, String name) {
    return with(spec.withTable(new TargetTable(schema, name)));
  }

  public VitessWrite withStrategy(WriteStrategy newStrategy) {
    return with(spec.withStrategy(Objects.requireNonNull(newStrategy, "strategy")));
  }

  /** The columns that tell rows apart; by default those of the source's primary key. */
  public VitessWrite withPrimaryKey(List<String> columns) {
    return with(spec.withPrimaryKey(columns));
  }

  /**
   * The column by which rows age: of several rows with one key the one with its highest value is
   * the last, and {@link WriteStrategy#DELETE_INSERT} replaces its interval.
   */
  public VitessWrite withIncrementalKey(String column) {
    return with(spec.withIncrementalKey(column));
  }

  /**
   * The interval of the incremental key that the rows were asked for, both ends included; null for
   * no limit. Without it {@link WriteStrategy#DELETE_INSERT} takes the one that the rows cover.
   */
  public VitessWrite withInterval(String start, String end) {
    return with(
        spec.withInterval(
            new LoadSpec.Interval(start == null ? "" : start, end == null ? "" : end)));
  }

  /**
   * Chooses what a table that is there does about columns that it lacks and values that it has no
   * room for; by default it gets the columns and wider types. What is left out is counted in {@link
   * LoadedTable}.
   */
  public VitessWrite withSchemaContract(SchemaContract contract) {
    return with(adaptation.withContract(contract));
  }

  /**
   * Gives columns of the source other types or names: {@code name:type}, {@code new:type:old} or
   * {@code new::old}, separated by commas, as in {@code "id:bigint,price:decimal(10,2):cost"}. Keys
   * may be named by the source's names or by the new ones; case counts. A value that is not whole
   * in its type fails the run, with its column and row.
   *
   * @throws ConfigurationException if the text has another form
   */
  public VitessWrite withColumns(String columns) {
    return with(adaptation.withColumns(ColumnOverride.parse(columns)));
  }

  /**
   * Masks the values of columns: {@code column:function} or {@code column:function:parameter}, as
   * in {@code List.of("email:email", "name:partial:2")}. The column is named as in the source, or
   * by its new name. Functions with chance in them (random, noise, date_shift) make equal values of
   * a load equal. Messages and failed rows don't show what is masked. A key can be masked by hash,
   * sha256, md5, hmac and uuid only, an incremental key not at all.
   *
   * @throws ConfigurationException if a text has another form, or names no function
   */
  public VitessWrite withMasks(List<String> masks) {
    return with(adaptation.withMasks(ColumnMask.parse(masks)));
  }

  /** Takes the white space from both ends of the values of text columns. */
  public VitessWrite withTrimmedText() {
    return with(adaptation.withTrimmedText());
  }

  /**
   * Chooses how columns are called in the destination; {@link SchemaNaming#DIRECT} by default.
   * Names of tables stay as they are given. Two columns that would get one name fail the run before
   * anything is written. Keys may be named by the source's names or by the new ones; case counts.
   */
  public VitessWrite withSchemaNaming(SchemaNaming naming) {
    return with(adaptation.withNaming(naming));
  }

  /**
   * Sends rows that do not fit to an error handler, instead of failing the run: those with a value
   * that the type of its column in the source, or the one that it gets here, can't hold, with text
   * that is not UTF-8, or with NULL in a key or a NOT NULL column. What comes is a {@link
   * FailedRow} as JSON and serialized; {@link LoadedTable#rowsFailed} says how many. All values are
   * looked at for it. Not for strategies that take a row that does not come for one that is gone.
   */
  public VitessWrite withErrorHandler(ErrorHandler<BadRecord, ?> handler) {
    return new VitessWrite(
        destination,
        spec,
        adaptation.withFailuresRouted(),
        runId,
        Objects.requireNonNull(handler, "handler"));
  }

  /**
   * Names the run, whenever it is run: a pipeline with the same name is another attempt of it. Once
   * one has published, for a week the others add nothing and report its rows; so a scheduler that
   * tries again what failed can't double what it appends. Only for who gives each run a name of its
   * own: without one, every {@code pipeline.run()} is a run by itself, and a job that a cluster
   * starts anew is another attempt of its run.
   */
  public VitessWrite withRunId(String id) {
    if (id.isBlank()) {
      throw new ConfigurationException("The run id is empty");
    }
    return new VitessWrite(destination, spec.withRunId(id), adaptation, id, errorHandler);
  }

  /**
   * Rolls back and drops at once what this write, in whichever run, has staged from this JVM, for a
   * program whose pipeline failed before the write did. Does nothing if it never came to write, or
   * has published. Must not be called while a pipeline with it is meant to go on.
   *
   * <p>Without it, what was staged in Vitess, MySQL or PostgreSQL counts as that of a live run for
   * ten minutes after the last work on it, or until this JVM ends; then another load removes it.
   */
  public void abort() {
    destination.abort(spec.owner());
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
              "Blocks",
              // Where columns get other names, whoever stages them knows the key.
              new RowBlocksTransform(
                  write.spec.table().toString(),
                  write.adaptation.keepsNames() ? write.spec.primaryKey() : List.of(),
                  write.errorHandler))
          .apply("Write", write);
    }
  }

  private void requireBounded(PCollection<?> input) {
    spec.requireComplete();
    adaptation.requireFit(spec);
    if (input.isBounded() == IsBounded.UNBOUNDED) {
      throw new ConfigurationException(
          "VitessWrite with the strategy " + spec.strategy() + " needs a bounded input");
    }
  }

  @Override
  public VitessWriteResult expand(PCollection<Block> blocks) {
    requireBounded(blocks);
    PCollectionTuple staged =
        blocks.apply(
            "Stage",
            ParDo.of(new StageBlocksFn(destination, spec, adaptation))
                .withOutputTags(StageBlocksFn.RECEIPTS, sideOutputs()));
    if (errorHandler != null) {
      errorHandler.addErrorCollection(
          staged
              .get(BadRecordRouter.BAD_RECORD_TAG)
              .setCoder(BadRecord.getCoder(blocks.getPipeline())));
    }
    PCollectionView<Iterable<AttemptReceipt>> receipts =
        all("Receipts", staged.get(StageBlocksFn.RECEIPTS), AttemptReceipt.class);
    List<PCollectionView<?>> needed = new ArrayList<>(List.of(receipts));
    PCollectionView<Iterable<StagedBlock>> done = null;
    if (!adaptation.isNone()) {
      done = all("Blocks", staged.get(StageBlocksFn.BLOCKS), StagedBlock.class);
      needed.add(done);
    }
    return new VitessWriteResult(
        blocks
            .getPipeline()
            .apply("Once", Impulse.create())
            .apply(
                "Publish",
                ParDo.of(
                        new PublishFn(
                            destination, spec, adaptation, new SubmittedRun(runId), receipts, done))
                    .withSideInputs(needed))
            .setCoder(SerializableCoder.of(LoadedTable.class)));
  }

  private TupleTagList sideOutputs() {
    TupleTagList outputs =
        adaptation.isNone() ? TupleTagList.empty() : TupleTagList.of(StageBlocksFn.BLOCKS);
    return errorHandler == null ? outputs : outputs.and(BadRecordRouter.BAD_RECORD_TAG);
  }

  /** All elements, once they are there, as a side input of the global window. */
  private static <T extends Serializable> PCollectionView<Iterable<T>> all(
      String name, PCollection<T> elements, Class<T> type) {
    return elements
        .setCoder(SerializableCoder.of(type))
        .apply(name + "InAnyWindow", RowBlocksTransform.onePane())
        .apply(name, View.asIterable());
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
                .withLabel("Strategy"))
        .addIfNotDefault(
            DisplayData.item("primaryKey", String.join(", ", spec.primaryKey()))
                .withLabel("Primary key"),
            "")
        .addIfNotDefault(
            DisplayData.item("incrementalKey", spec.incrementalKey()).withLabel("Incremental key"),
            "")
        .addIfNotDefault(
            DisplayData.item("intervalStart", spec.interval().start()).withLabel("Interval from"),
            "")
        .addIfNotDefault(
            DisplayData.item("intervalEnd", spec.interval().end()).withLabel("Interval to"), "")
        .addIfNotDefault(
            DisplayData.item("columns", ColumnOverride.print(adaptation.columns()))
                .withLabel("Types and names of columns"),
            "")
        .addIfNotDefault(
            DisplayData.item("masks", ColumnMask.print(adaptation.masks())).withLabel("Masks"), "")
        .add(
            DisplayData.item("schemaNaming", adaptation.naming().name()).withLabel("Schema naming"))
        .add(
            DisplayData.item("schemaContract", adaptation.contract().name())
                .withLabel("Schema contract"))
        .add(
            DisplayData.item("errorHandler", errorHandler != null)
                .withLabel("Rows that do not fit go to an error handler"));
  }
}
