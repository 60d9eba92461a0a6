package io.vitessbeam;

import io.vitessbeam.block.Block;
import io.vitessbeam.block.BlockCoder;
import io.vitessbeam.connect.VitessUri;
import io.vitessbeam.read.BlockRowsFn;
import io.vitessbeam.read.PlanRangesFn;
import io.vitessbeam.read.ReadOptions;
import io.vitessbeam.read.ReadRange;
import io.vitessbeam.read.ReadRangesFn;
import io.vitessbeam.read.ReadRequest;
import io.vitessbeam.read.ReadResolver;
import io.vitessbeam.schema.TableSchema;
import io.vitessbeam.schema.ZeroDates;
import java.util.List;
import java.util.UUID;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.Row;

/**
 * Reads a table, a view or a query of a Vitess keyspace: bounded, in the OLAP workload, whose
 * results have no row limit.
 *
 * <pre>{@code
 * PCollection<Row> orders =
 *     pipeline.apply(
 *         "Read orders",
 *         VitessRead.from("vitess://user:password@vtgate:3306/shop").withTable("orders"));
 * }</pre>
 *
 * <p><b>Parallelism.</b> Every shard is read by itself, and a shard with many rows in several
 * ranges of its primary key that hold about equally many rows, {@link #withParallelism} of them in
 * all. A table without a primary key (or with one that has no order by literals: FLOAT, DOUBLE,
 * BIT, ENUM, SET, TIME, YEAR, prefixes) is one range a shard; a view, a reference table, a query,
 * and a limited read of several shards are one range.
 *
 * <p><b>Guarantee.</b> Every row that is there from begin to end of the read comes exactly once. A
 * range whose connection breaks goes on behind its last row; one without a usable key fails the
 * pipeline instead. The ranges are not one snapshot: rows that change during the read may be seen
 * before or after the change.
 *
 * <p><b>Values</b> keep their exact meaning; see {@link io.vitessbeam.schema.MysqlType} for the
 * field types. Elements have the timestamp of the beginning of time and are in the global window.
 *
 * <p>The schema is looked up when the transform is applied, which takes a connection to vtgate.
 */
public final class VitessRead extends PTransform<PBegin, PCollection<Row>> {

  private static final long serialVersionUID = 1L;

  private final ReadOptions options;
  private final String runId;

  private VitessRead(ReadOptions options, String runId) {
    this.options = options;
    this.runId = runId;
  }

  /** Reads from the keyspace of a URI; {@link #withTable} or {@link #withQuery} has to follow. */
  public static VitessRead from(VitessUri uri) {
    return new VitessRead(ReadOptions.of(uri), UUID.randomUUID().toString());
  }

  /**
   * Reads from the keyspace of a URI.
   *
   * @throws ConfigurationException if the text is no {@code vitess://} URI
   */
  public static VitessRead from(String uri) {
    return from(VitessUri.parse(uri));
  }

  /**
   * Reads a table or view.
   *
   * @param table {@code table} or {@code keyspace.table}; a name with a dot stands in backquotes
   */
  public VitessRead withTable(String table) {
    return with(options.withTable(requireText(table, "table")));
  }

  /**
   * Reads the result of a SELECT, which may be as large as the OLAP workload allows. {@code
   * :interval_start} and {@code :interval_end} in it stand for the bounds of the interval.
   */
  public VitessRead withQuery(String query) {
    return with(options.withQuery(requireText(query, "query")));
  }

  /** Leaves columns out. */
  public VitessRead withoutColumns(List<String> columns) {
    return with(options.without(columns));
  }

  /**
   * Reads only rows whose {@code column} is in an interval, both bounds inclusive.
   *
   * @param start lower bound as MySQL writes such a value; null for none
   * @param end upper bound; null for none
   */
  public VitessRead withIncrementalKey(String column, String start, String end) {
    return with(
        options.withInterval(
            column == null ? "" : column, start == null ? "" : start, end == null ? "" : end));
  }

  /**
   * Reads some rows only: the first by primary key in an unsharded keyspace, any in a sharded one.
   *
   * @param rows most rows to read; 0 or more
   */
  public VitessRead withLimit(long rows) {
    if (rows < 0) {
      throw new ConfigurationException("limit is " + rows + "; it must be 0 or more");
    }
    return with(options.withLimit(rows));
  }

  /**
   * Sets how many key ranges are read at the same time, over all shards.
   *
   * @param ranges 1 to 1,000, 4 by default; a shard is one range at least
   */
  public VitessRead withParallelism(int ranges) {
    if (ranges < 1 || ranges > 1_000) {
      throw new ConfigurationException("parallelism is " + ranges + "; it must be from 1 to 1,000");
    }
    return with(options.withRanges(ranges));
  }

  /** What to do with values like {@code 0000-00-00}; the read fails on them by default. */
  public VitessRead withZeroDates(ZeroDates choice) {
    return with(options.withZeroDates(choice));
  }

  /** Reports progress under this id, see {@link RunProgress}. */
  public VitessRead withRunId(String id) {
    return new VitessRead(options, requireText(id, "run id"));
  }

  private VitessRead with(ReadOptions changed) {
    return new VitessRead(changed, runId);
  }

  private static String requireText(String text, String what) {
    if (text == null || text.isBlank()) {
      throw new ConfigurationException("The " + what + " to read is empty");
    }
    return text;
  }

  /**
   * Checks everything against the server and tells the schema of what would be read.
   *
   * @throws ConfigurationException for what the user has to change
   * @throws TransientException if the server can't be reached
   */
  public TableSchema discover() {
    return ReadResolver.resolve(options).schema();
  }

  /** The same read in blocks, which {@link VitessWrite} takes without decoding them twice. */
  public PTransform<PBegin, PCollection<Block>> blocks() {
    return new Blocks(options, runId);
  }

  @Override
  public PCollection<Row> expand(PBegin begin) {
    ReadRequest request = ReadResolver.resolve(options);
    return Blocks.read(begin, request, runId)
        .apply("To rows", ParDo.of(new BlockRowsFn(request.schema())))
        .setRowSchema(BlockRowsFn.schemaOf(request.schema()));
  }

  @Override
  public void populateDisplayData(DisplayData.Builder builder) {
    super.populateDisplayData(builder);
    describe(options, builder);
  }

  private static void describe(ReadOptions options, DisplayData.Builder builder) {
    builder
        .add(DisplayData.item("source", options.uri().toString()).withLabel("vtgate and keyspace"))
        .add(DisplayData.item("parallelism", options.ranges()).withLabel("Key ranges"))
        .addIfNotDefault(DisplayData.item("table", options.table()).withLabel("Table"), "")
        .addIfNotDefault(DisplayData.item("query", options.query()).withLabel("Query"), "")
        .addIfNotDefault(
            DisplayData.item("incrementalKey", options.incrementalKey())
                .withLabel("Incremental key"),
            "")
        .addIfNotDefault(DisplayData.item("limit", options.limit()).withLabel("Row limit"), -1L);
  }

  /** The read in blocks. */
  private static final class Blocks extends PTransform<PBegin, PCollection<Block>> {

    private static final long serialVersionUID = 1L;

    private final ReadOptions options;
    private final String runId;

    Blocks(ReadOptions options, String runId) {
      this.options = options;
      this.runId = runId;
    }

    @Override
    public PCollection<Block> expand(PBegin begin) {
      return read(begin, ReadResolver.resolve(options), runId);
    }

    static PCollection<Block> read(PBegin begin, ReadRequest request, String runId) {
      return begin
          .apply("Request", Create.of(request).withCoder(SerializableCoder.of(ReadRequest.class)))
          .apply("Plan ranges", ParDo.of(new PlanRangesFn()))
          .setCoder(SerializableCoder.of(ReadRange.class))
          .apply("Read ranges", ParDo.of(new ReadRangesFn(runId, UUID.randomUUID().toString())))
          .setCoder(BlockCoder.of());
    }

    @Override
    public void populateDisplayData(DisplayData.Builder builder) {
      super.populateDisplayData(builder);
      describe(options, builder);
    }
  }
}
