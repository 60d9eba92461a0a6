package io.vitessbeam;

import io.vitessbeam.block.Block;
import io.vitessbeam.block.BlockCoder;
import io.vitessbeam.read.BlockRowsFn;
import io.vitessbeam.read.PlanRangesFn;
import io.vitessbeam.read.PlannedRead;
import io.vitessbeam.read.ReadPart;
import io.vitessbeam.read.ReadRangesFn;
import io.vitessbeam.read.SerializedCoder;
import io.vitessbeam.read.resolve.ReadSelection;
import io.vitessbeam.schema.TableSchema;
import java.util.List;
import java.util.UUID;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.Row;

/**
 * What the bounded reads of all sources have in common: a table or a query, of which columns, rows
 * of an interval or a number of rows may be taken.
 *
 * <p>The source is looked at when the transform is applied. Elements have the timestamp of the
 * beginning of time and are in the global window.
 *
 * @param <T> the read itself; it never changes, each method gives another one
 */
public abstract sealed class BoundedRead<T extends BoundedRead<T>>
    extends PTransform<PBegin, PCollection<Row>> permits KeyRangeRead, PostgresqlRead, DuckDbRead {

  private static final long serialVersionUID = 1L;

  private final ReadSelection selection;
  private final String runId;

  BoundedRead(ReadSelection selection, String runId) {
    this.selection = selection;
    this.runId = runId;
  }

  /** The id of runs that nobody watches. */
  static final String UNNAMED = "";

  ReadSelection selection() {
    return selection;
  }

  String runId() {
    return runId;
  }

  /** The same read of something else. */
  abstract T with(ReadSelection newSelection, String newRunId);

  /** Checks all against the source. */
  abstract PlannedRead resolve();

  /** The address, for people: without user and password. */
  abstract String source();

  /** Reads a table or view; see the source for how its name is written. */
  public T withTable(String table) {
    return with(selection.withTable(requireText(table, "table")), runId);
  }

  /**
   * Reads the result of a SELECT. {@code :interval_start} and {@code :interval_end} in it stand for
   * the bounds of the interval.
   */
  public T withQuery(String query) {
    return with(selection.withQuery(requireText(query, "query")), runId);
  }

  /** Leaves columns out. */
  public T withoutColumns(List<String> columns) {
    return with(selection.without(columns), runId);
  }

  /**
   * Reads only rows whose {@code column} is in an interval, both bounds inclusive.
   *
   * @param start lower bound as SQL writes such a value; null for none
   * @param end upper bound; null for none
   */
  public T withIncrementalKey(String column, String start, String end) {
    return with(
        selection.withInterval(
            column == null ? "" : column, start == null ? "" : start, end == null ? "" : end),
        runId);
  }

  /**
   * Reads some rows only.
   *
   * @param rows most rows to read; 0 or more
   */
  public T withLimit(long rows) {
    if (rows < 0) {
      throw new ConfigurationException("limit is " + rows + "; it must be 0 or more");
    }
    return with(selection.withLimit(rows), runId);
  }

  /** Reports progress under this id, see {@link RunProgress}. */
  public T withRunId(String id) {
    return with(selection, requireText(id, "run id"));
  }

  static String requireText(String text, String what) {
    if (text == null || text.isBlank()) {
      throw new ConfigurationException("The " + what + " to read is empty");
    }
    return text;
  }

  /**
   * Checks everything against the source and tells the schema of what would be read.
   *
   * @throws ConfigurationException for what the user has to change
   * @throws TransientException if a server can't be reached
   */
  public TableSchema schema() {
    return resolve().schema();
  }

  /** The same read in blocks, which {@link VitessWrite} takes without decoding them twice. */
  public PTransform<PBegin, PCollection<Block>> blocks() {
    return new Blocks(this);
  }

  @Override
  public PCollection<Row> expand(PBegin begin) {
    PlannedRead request = resolve();
    return Blocks.read(begin, request, runId)
        .apply("To rows", ParDo.of(new BlockRowsFn(request.schema())))
        .setRowSchema(BlockRowsFn.schemaOf(request.schema()));
  }

  @Override
  public void populateDisplayData(DisplayData.Builder builder) {
    super.populateDisplayData(builder);
    describe(builder);
  }

  void describe(DisplayData.Builder builder) {
    builder
        .add(DisplayData.item("source", source()).withLabel("Source"))
        .addIfNotDefault(DisplayData.item("table", selection.table()).withLabel("Table"), "")
        .addIfNotDefault(DisplayData.item("query", selection.query()).withLabel("Query"), "")
        .addIfNotDefault(
            DisplayData.item("incrementalKey", selection.incrementalKey())
                .withLabel("Incremental key"),
            "")
        .addIfNotDefault(DisplayData.item("limit", selection.limit()).withLabel("Row limit"), -1L);
  }

  /** The read in blocks. */
  private static final class Blocks extends PTransform<PBegin, PCollection<Block>> {

    private static final long serialVersionUID = 1L;

    private final BoundedRead<?> read;

    Blocks(BoundedRead<?> read) {
      this.read = read;
    }

    @Override
    public PCollection<Block> expand(PBegin begin) {
      return read(begin, read.resolve(), read.runId);
    }

    static PCollection<Block> read(PBegin begin, PlannedRead request, String runId) {
      return begin
          .apply("Request", Create.of(request).withCoder(SerializedCoder.of(PlannedRead.class)))
          .apply("Plan ranges", ParDo.of(new PlanRangesFn()))
          .setCoder(SerializedCoder.of(ReadPart.class))
          .apply(
              "Read ranges",
              ParDo.of(
                  new ReadRangesFn(
                      runId, UUID.randomUUID().toString(), begin.getPipeline().getOptions())))
          .setCoder(BlockCoder.of());
    }

    @Override
    public void populateDisplayData(DisplayData.Builder builder) {
      super.populateDisplayData(builder);
      read.describe(builder);
    }
  }
}
