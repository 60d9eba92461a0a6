package io.vitessbeam;

import io.vitessbeam.block.Block;
import io.vitessbeam.block.BlockCoder;
import io.vitessbeam.connect.VitessCdcUri;
import io.vitessbeam.schema.TableSchema;
import io.vitessbeam.schema.ZeroDates;
import io.vitessbeam.vstream.BoundedStreamFn;
import io.vitessbeam.vstream.ChangeRecordsFn;
import io.vitessbeam.vstream.StreamOptions;
import io.vitessbeam.vstream.StreamResolver;
import io.vitessbeam.vstream.UnboundedStreamFn;
import io.vitessbeam.vstream.follow.StreamEnd;
import io.vitessbeam.vstream.position.ShardStream;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;

/**
 * Reads the changes of a table of a Vitess keyspace from vtgate's VStream: first the rows that are
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
 * <p><b>Parallelism</b> is the number of shards. A runner keeps their positions in its checkpoints.
 *
 * <p><b>Time.</b> Elements are in the global window, with the time of their commit as timestamp;
 * copied rows have the time of the watermark. The watermark of a shard is the time of what it
 * committed last, so it stands still where nothing is written.
 *
 * <p><b>Tables.</b> One without a primary key can't be copied, but followed from a position on or
 * from now on. When a table's columns are altered the pipeline fails: what it gives has the schema
 * that the table had when the transform was applied.
 *
 * <p>The schema is looked up when the transform is applied, which takes a connection to vtgate's
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
    return with(options.withTable(requireText(table, "table")));
  }

  /** Leaves columns out, which must not be of the primary key. */
  public VStreamRead withoutColumns(List<String> columns) {
    return with(options.without(columns));
  }

  /**
   * Reads the changes after a position, without a copy. The servers must have the binary logs from
   * there on.
   *
   * @param position of all shards of the keyspace
   */
  public VStreamRead startingAt(Vgtid position) {
    return with(options.withStart(new StreamOptions.Start.At(require(position, "position"))));
  }

  /** Reads the changes after the transform is applied, without a copy. */
  public VStreamRead fromNow() {
    return with(options.withStart(new StreamOptions.Start.Now()));
  }

  /**
   * Ends when all that is before a position has come, which makes the read bounded. It may give
   * some changes after it, too.
   *
   * @param boundary of all shards of the keyspace, such as {@link #currentPosition}
   */
  public VStreamRead until(Vgtid boundary) {
    return with(options.withUntil(require(boundary, "boundary")));
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
    return with(options.withStall(longest));
  }

  /** What to do with values like {@code 0000-00-00}; the read fails on them by default. */
  public VStreamRead withZeroDates(ZeroDates choice) {
    return with(options.withZeroDates(choice));
  }

  /** Reports progress under this id, see {@link RunProgress}. */
  public VStreamRead withRunId(String id) {
    return new VStreamRead(options, requireText(id, "run id"));
  }

  private VStreamRead with(StreamOptions changed) {
    return new VStreamRead(changed, runId);
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
    return new Blocks(options, runId);
  }

  @Override
  public PCollection<ChangeRecord> expand(PBegin begin) {
    List<ShardStream> streams = StreamResolver.resolve(options);
    TableSchema table = streams.get(0).tables().get(0).schema();
    PCollection<ChangeRecord> changes =
        Blocks.read(begin, options.uri(), streams, runId)
            .apply("To records", ParDo.of(new ChangeRecordsFn(table)));
    return ChangeRecordSchema.register(changes, ChangeRecordsFn.rowSchema(table));
  }

  @Override
  public void populateDisplayData(DisplayData.Builder builder) {
    super.populateDisplayData(builder);
    describe(options, builder);
  }

  private static void describe(StreamOptions options, DisplayData.Builder builder) {
    builder
        .add(DisplayData.item("source", options.uri().toString()).withLabel("vtgate and keyspace"))
        .add(DisplayData.item("table", options.table()).withLabel("Table"))
        .add(DisplayData.item("start", options.start().toString()).withLabel("Start"))
        .addIfNotNull(
            DisplayData.item("until", options.until() == null ? null : options.until().toString())
                .withLabel("End"));
  }

  /** The read in blocks. */
  private static final class Blocks extends PTransform<PBegin, PCollection<Block>> {

    private static final long serialVersionUID = 1L;

    private final StreamOptions options;
    private final String runId;

    Blocks(StreamOptions options, String runId) {
      this.options = options;
      this.runId = runId;
    }

    @Override
    public PCollection<Block> expand(PBegin begin) {
      return read(begin, options.uri(), StreamResolver.resolve(options), runId);
    }

    static PCollection<Block> read(
        PBegin begin, VitessCdcUri source, List<ShardStream> streams, String runId) {
      PCollection<ShardStream> shards =
          begin.apply(
              "Shards", Create.of(streams).withCoder(SerializableCoder.of(ShardStream.class)));
      String read = UUID.randomUUID().toString();
      if (streams.get(0).until().isEmpty()) {
        return shards
            .apply("Follow", ParDo.of(new UnboundedStreamFn(source, runId, read)))
            .setCoder(BlockCoder.of());
      }
      PCollectionTuple followed =
          shards.apply(
              "Follow",
              ParDo.of(BoundedStreamFn.failingOnBroken(source, runId, read))
                  .withOutputTags(BoundedStreamFn.BLOCKS, BoundedStreamFn.MORE));
      followed.get(BoundedStreamFn.ENDS).setCoder(SerializableCoder.of(StreamEnd.class));
      return followed.get(BoundedStreamFn.BLOCKS).setCoder(BlockCoder.of());
    }

    @Override
    public void populateDisplayData(DisplayData.Builder builder) {
      super.populateDisplayData(builder);
      describe(options, builder);
    }
  }
}
