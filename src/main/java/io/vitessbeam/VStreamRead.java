package io.vitessbeam;

import io.vitessbeam.block.Block;
import io.vitessbeam.connect.VitessCdcUri;
import io.vitessbeam.schema.TableSchema;
import io.vitessbeam.schema.ZeroDates;
import io.vitessbeam.vstream.ChangeRecordsCoder;
import io.vitessbeam.vstream.ChangeRecordsFn;
import io.vitessbeam.vstream.StreamOptions;
import io.vitessbeam.vstream.StreamPlan;
import io.vitessbeam.vstream.StreamResolver;
import io.vitessbeam.vstream.StreamsTransform;
import io.vitessbeam.vstream.UnboundedStreamFn;
import io.vitessbeam.vstream.json.ChangeJsonFn;
import io.vitessbeam.vstream.position.NewColumns;
import java.io.Serializable;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;

/**
 * Reads the changes of tables of a Vitess keyspace from vtgate's VStream: first the rows that are
 * there, then every change; unbounded, unless it is told where to end.
 *
 * <pre>{@code
 * PCollection<ChangeRecord> changes =
 *     pipeline.apply(
 *         "Follow orders",
 *         VStreamRead.from("vitess+cdc://user:password@vtgate:3306/shop?grpc_port=15991")
 *             .withTable("orders"));
 * }</pre>
 *
 * <p><b>Guarantee.</b> Every change comes once, as far as the runner gives its own guarantee of
 * exactly once; what a retry sends to the outside twice has the same {@link ChangeRecord#order}. A
 * copied row comes once, as it was at some time of the copy, and every change after that time
 * follows. Changes leave the read in the order of their shard, but runners promise no order behind
 * it: go by {@link ChangeRecord#order}.
 *
 * <p><b>Parallelism</b> is the number of shards, each of whose logs is read once for all tables;
 * while several tables are copied, four of them at a time in each JVM. A runner keeps the positions
 * in its checkpoints. When a shard is split or merged, the read goes on in the new shards, at the
 * position that Vitess notes for them; a merged shard's changes may come before the last ones of
 * the shards that it is made of.
 *
 * <p><b>Time.</b> Elements are in the global window, with the time of their commit as timestamp;
 * copied rows have the time of the watermark. The watermark of a shard is the time of what it
 * committed last. While nothing is written, its primary is asked each second, and if it has nothing
 * more to come, the watermark is the primary's time of a second before; vtgate's heartbeats mean
 * nothing. So windows close some seconds after their end, unless a shard's primary is away. On
 * Flink's classic runner that takes {@code --finishBundleBeforeCheckpointing} and checkpoints.
 *
 * <p><b>Tables.</b> One without a primary key can't be copied, but followed from a position on or
 * from now on. Columns that a table gets at its end are left out of {@link ChangeRecord}s, whose
 * schema is that of the time when the transform was applied; {@link #json} has them. A table that
 * is altered in another way, renamed or dropped can't be followed any more: that fails the
 * pipeline, unless such tables are asked for by {@link #withBrokenTables}.
 *
 * <p>Of several tables, records have no Beam schema, as their rows differ; each row has its own.
 *
 * <p>The schemas are looked up when the transform is applied, which takes a connection to vtgate's
 * MySQL port.
 */
public final class VStreamRead extends PTransform<PBegin, PCollection<ChangeRecord>> {

  private static final long serialVersionUID = 1L;

  private final StreamOptions options;
  private final String runId;

  private VStreamRead(StreamOptions options, String runId) {
    this.options = options;
    this.runId = runId;
  }

  /** Reads from the keyspace of a URI; {@link #withTable} has to follow. */
  public static VStreamRead from(VitessCdcUri uri) {
    return new VStreamRead(StreamOptions.of(uri), "");
  }

  /**
   * Reads from the keyspace of a URI.
   *
   * @throws ConfigurationException if the text is no {@code vitess+cdc://} URI
   */
  public static VStreamRead from(String uri) {
    return from(VitessCdcUri.parse(uri));
  }

  /**
   * The position up to which the primaries of the URI's keyspace have committed, which takes a
   * connection to vtgate's MySQL port.
   *
   * @throws TransientException if a primary is away
   */
  public static Vgtid currentPosition(VitessCdcUri uri) {
    return StreamResolver.currentPosition(uri.vitess());
  }

  /**
   * Reads the changes of a table.
   *
   * @param table {@code table} or {@code keyspace.table}; a name with a dot stands in backquotes
   */
  public VStreamRead withTable(String table) {
    return withTables(List.of(requireText(table, "table")));
  }

  /** Reads the changes of some tables of one keyspace, see {@link #withTable}. */
  public VStreamRead withTables(List<String> tables) {
    tables.forEach(table -> requireText(table, "table"));
    return with(change -> change.tables(tables));
  }

  /** Reads the changes of all tables that the keyspace has when the transform is applied. */
  public VStreamRead withAllTables() {
    return with(StreamOptions.Change::allTables);
  }

  /** Leaves columns out of the tables that have them, which must not be of a primary key. */
  public VStreamRead withoutColumns(List<String> columns) {
    return with(change -> change.without(columns));
  }

  /**
   * Reads the changes after a position, without a copy. The servers must have the binary logs from
   * there on.
   *
   * @param position of all shards of the keyspace
   */
  public VStreamRead startingAt(Vgtid position) {
    Vgtid start = require(position, "position");
    return with(change -> change.start(new StreamOptions.Start.At(start)));
  }

  /**
   * Reads the changes that were committed at a time or later, by the clocks of the shards'
   * primaries in whole seconds, without a copy. Where that is in the logs is looked for when the
   * transform is applied, by some twenty short streams of each shard.
   *
   * @throws NeedsRefreshException when the transform is applied, if the binary logs don't reach
   *     back so far
   */
  public VStreamRead startingAt(Instant time) {
    if (time == null) {
      throw new ConfigurationException("The time is null");
    }
    return with(change -> change.start(new StreamOptions.Start.Time(time)));
  }

  /** Reads the changes after the transform is applied, without a copy. */
  public VStreamRead fromNow() {
    return with(change -> change.start(new StreamOptions.Start.Now()));
  }

  /**
   * Ends when all that is before a position has come, which makes the read bounded. It may give
   * some changes after it, too.
   *
   * @param boundary of all shards of the keyspace, such as {@link #currentPosition}
   */
  public VStreamRead until(Vgtid boundary) {
    Vgtid end = require(boundary, "boundary");
    return with(change -> change.until(end));
  }

  /**
   * Sets how long a shard's stream may stand still while there is something to come: ten times as
   * long if vtgate keeps it alive and the shard's primary answers, since of a transaction nothing
   * comes before its COMMIT.
   *
   * @param longest 3 minutes by default; below 2 minutes, vtgate's own search for another tablet
   *     may be taken for a stall
   */
  public VStreamRead withStallTimeout(Duration longest) {
    if (longest == null || longest.isNegative() || longest.isZero()) {
      throw new ConfigurationException("stall timeout is " + longest + "; it must be positive");
    }
    return with(change -> change.stall(longest));
  }

  /** What to do with values like {@code 0000-00-00}; the read fails on them by default. */
  public VStreamRead withZeroDates(ZeroDates choice) {
    return with(change -> change.zeroDates(choice));
  }

  /** Reports progress under this id, see {@link RunProgress}. */
  public VStreamRead withRunId(String id) {
    return new VStreamRead(options, requireText(id, "run id"));
  }

  private VStreamRead with(Consumer<StreamOptions.Change> changes) {
    return new VStreamRead(options.with(changes), runId);
  }

  private static String requireText(String text, String what) {
    if (text == null || text.isBlank()) {
      throw new ConfigurationException("The " + what + " to read is empty");
    }
    return text;
  }

  private static Vgtid require(Vgtid position, String what) {
    if (position == null) {
      throw new ConfigurationException("The " + what + " is null");
    }
    return position;
  }

  /** The same read in blocks of changes, which carry marks. */
  public PTransform<PBegin, PCollection<Block>> blocks() {
    return new Read<>(this, "blocks", (blocks, tables) -> blocks);
  }

  /**
   * The same read as JSON in the envelope of Debezium, for whatever takes text: Kafka, BigQuery,
   * files. The key is the row's primary key as an object, the value the change. A table may get
   * columns at its end while it is read; their changes have them.
   *
   * @see io.vitessbeam.vstream.json
   */
  public Json json() {
    return new Json(with(change -> change.newColumns(NewColumns.TAKE)));
  }

  /**
   * The same read that goes on when a table can't be followed any more, and says so on an output of
   * its own.
   */
  public PTransform<PBegin, VStreamResult<ChangeRecord>> withBrokenTables() {
    return new Tolerant<>(this, "records", VStreamRead::toRecords);
  }

  @Override
  public PCollection<ChangeRecord> expand(PBegin begin) {
    return new Read<>(this, "records", VStreamRead::toRecords).expand(begin);
  }

  private static PCollection<ChangeRecord> toRecords(
      PCollection<Block> blocks, List<TableSchema> tables) {
    return ChangeRecordsCoder.register(
        blocks.apply("To records", ParDo.of(new ChangeRecordsFn(tables))), tables);
  }

  private static PCollection<KV<String, String>> toJson(
      PCollection<Block> blocks, List<TableSchema> tables) {
    return blocks
        .apply("To JSON", ParDo.of(new ChangeJsonFn()))
        .setCoder(KvCoder.of(StringUtf8Coder.of(), StringUtf8Coder.of()));
  }

  @Override
  public void populateDisplayData(DisplayData.Builder builder) {
    super.populateDisplayData(builder);
    describe(builder);
  }

  private void describe(DisplayData.Builder builder) {
    String tables = options.allTables() ? "all" : String.join(", ", options.tables());
    builder
        .add(DisplayData.item("source", options.uri().toString()).withLabel("vtgate and keyspace"))
        .add(DisplayData.item("table", tables).withLabel("Tables"))
        .add(DisplayData.item("start", options.start().toString()).withLabel("Start"))
        .addIfNotNull(
            DisplayData.item("until", options.until() == null ? null : options.until().toString())
                .withLabel("End"));
  }

  private PCollectionTuple streams(PBegin begin, StreamPlan plan, boolean failsOnBroken) {
    return begin.apply("Read", new StreamsTransform(options.uri(), plan, runId, failsOnBroken));
  }

  /** Makes of blocks what a read gives. */
  private interface Form<T> extends Serializable {
    PCollection<T> of(PCollection<Block> blocks, List<TableSchema> tables);
  }

  /** Changes in some form. */
  private static class Read<T> extends PTransform<PBegin, PCollection<T>> {

    private static final long serialVersionUID = 1L;

    final VStreamRead read;
    private final Form<T> form;

    Read(VStreamRead read, String what, Form<T> form) {
      super("VStreamRead." + what);
      this.read = read;
      this.form = form;
    }

    @Override
    public PCollection<T> expand(PBegin begin) {
      StreamPlan plan = StreamResolver.resolve(read.options);
      PCollectionTuple streams = read.streams(begin, plan, true);
      return form.of(streams.get(UnboundedStreamFn.BLOCKS), plan.tables());
    }

    @Override
    public void populateDisplayData(DisplayData.Builder builder) {
      super.populateDisplayData(builder);
      read.describe(builder);
    }
  }

  /** Changes in some form, and broken tables. */
  private static final class Tolerant<T> extends PTransform<PBegin, VStreamResult<T>> {

    private static final long serialVersionUID = 1L;

    private final VStreamRead read;
    private final Form<T> form;

    Tolerant(VStreamRead read, String what, Form<T> form) {
      super("VStreamRead." + what);
      this.read = read;
      this.form = form;
    }

    @Override
    public VStreamResult<T> expand(PBegin begin) {
      StreamPlan plan = StreamResolver.resolve(read.options);
      PCollectionTuple streams = read.streams(begin, plan, false);
      return new VStreamResult<>(
          form.of(streams.get(UnboundedStreamFn.BLOCKS), plan.tables()),
          streams.get(UnboundedStreamFn.BROKEN));
    }

    @Override
    public void populateDisplayData(DisplayData.Builder builder) {
      super.populateDisplayData(builder);
      read.describe(builder);
    }
  }

  /** A read that gives JSON, see {@link VStreamRead#json}. */
  public static final class Json extends Read<KV<String, String>> {

    private static final long serialVersionUID = 1L;

    private Json(VStreamRead read) {
      super(read, "json", VStreamRead::toJson);
    }

    /** See {@link VStreamRead#withBrokenTables}. */
    public PTransform<PBegin, VStreamResult<KV<String, String>>> withBrokenTables() {
      return new Tolerant<>(read, "json", VStreamRead::toJson);
    }
  }
}
