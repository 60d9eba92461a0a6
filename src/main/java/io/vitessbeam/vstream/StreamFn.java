package io.vitessbeam.vstream;

import io.vitessbeam.NeedsRefreshException;
import io.vitessbeam.RunProgress;
import io.vitessbeam.block.Block;
import io.vitessbeam.connect.VitessCdcUri;
import io.vitessbeam.read.OpenReaders;
import io.vitessbeam.vstream.follow.ReaderLimits;
import io.vitessbeam.vstream.follow.ShardReader;
import io.vitessbeam.vstream.position.ShardStream;
import io.vitessbeam.vstream.position.StreamPosition;
import io.vitessbeam.vstream.position.StreamPositionCoder;
import java.time.Duration;
import java.util.function.Consumer;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Distribution;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.splittabledofn.RestrictionTracker;
import org.apache.beam.sdk.transforms.splittabledofn.RestrictionTracker.IsBounded;

/**
 * Follows shards' streams and gives out what changed. A call gives out what has come, and resumes:
 * a runner takes no checkpoint while a call runs, and a worker runs one call at a time, for all of
 * its shards. The stream is read on meanwhile.
 *
 * <p>What is given out was claimed before; what could not be claimed is put back. So every change
 * comes once, however often calls end, as far as the runner keeps what a call gave out.
 */
public abstract class StreamFn<OutputT> extends DoFn<ShardStream, OutputT> {

  private static final long serialVersionUID = 1L;

  /** Also for a stream that is being opened: else one that moves at every call never comes on. */
  private static final Duration CALL = Duration.ofMillis(200);

  /** Lets the other streams of the worker run. */
  private static final org.joda.time.Duration PAUSE = org.joda.time.Duration.millis(10);

  /** Each of the waiting streams asks again; a hundred of them shouldn't keep a runner busy. */
  private static final org.joda.time.Duration WAIT_FOR_OTHERS = org.joda.time.Duration.millis(200);

  /** What all calls that are under way give out at most, together. */
  private static final long CALLS_BYTES = 64L << 20;

  private static final long MOST_CALL_BYTES = 8L << 20;
  private static final long LEAST_CALL_BYTES = 1L << 20;

  /** What tells the streams of a read apart; a plan of another attempt may have other tables. */
  private record Key(int round, long plan, int index, String shard) {

    static Key of(ShardStream stream) {
      return new Key(stream.round(), stream.plan(), stream.index(), stream.shard());
    }
  }

  private final VitessCdcUri source;
  private final String runId;
  private final String read;
  private final int most;
  private final IsBounded bounded;
  private final boolean failsOnBroken;
  private final Counter rowsRead = Metrics.counter(StreamFn.class, "rows_read");
  private final Counter bytesRead = Metrics.counter(StreamFn.class, "bytes_read");
  private final Distribution lagMillis = Metrics.distribution(StreamFn.class, "lag_millis");

  private transient OpenReaders<ShardReader> open;

  /**
   * @param source where the streams come from; their keyspace need not be its own
   * @param most how many streams are read at the same time in a JVM
   * @param failsOnBroken whether a table that can't be followed any more fails the stream
   */
  StreamFn(
      VitessCdcUri source,
      String runId,
      String read,
      int most,
      IsBounded bounded,
      boolean failsOnBroken) {
    this.source = source;
    this.most = most;
    this.runId = runId;
    this.read = runId + "/" + read;
    this.bounded = bounded;
    this.failsOnBroken = failsOnBroken;
  }

  @Setup
  public void setUp() {
    open = OpenReaders.open(read);
  }

  @Teardown
  public void tearDown() {
    open.close();
  }

  @GetInitialRestriction
  public StreamPosition initialRestriction(@Element ShardStream stream) {
    return stream.from();
  }

  @GetRestrictionCoder
  public Coder<StreamPosition> restrictionCoder() {
    return StreamPositionCoder.of();
  }

  @NewTracker
  public RestrictionTracker<StreamPosition, StreamTracker.Claim> newTracker(
      @Restriction StreamPosition position) {
    return new StreamTracker(position, bounded);
  }

  /**
   * The bytes that are still to come of a stream that is read in this JVM, by which runners scale;
   * 1 of any other, of which that isn't known.
   */
  @GetSize
  public double size(@Element ShardStream stream, @Restriction StreamPosition position) {
    ShardReader reader = open == null ? null : open.peek(Key.of(stream));
    return position.done() ? 0 : 1 + (reader == null ? 0 : (double) reader.backlogBytes());
  }

  /**
   * Makes one call.
   *
   * @param output gives out an item that was claimed
   */
  final ProcessContinuation follow(
      ShardStream stream,
      RestrictionTracker<StreamPosition, StreamTracker.Claim> tracker,
      Consumer<ShardReader.Item> output)
      throws InterruptedException {
    StreamPosition from = tracker.currentRestriction();
    if (from.done()) {
      // The runner gave all of it to another call.
      return ProcessContinuation.stop();
    }
    ShardReader waiting = open.take(Key.of(stream), from);
    ShardReader reader =
        waiting == null
            ? open.open(most, () -> reader(stream, from, ReaderLimits.oneOf(together(stream))))
            : waiting;
    if (reader == null) {
      return ProcessContinuation.resume().withResumeDelay(WAIT_FOR_OTHERS);
    }
    boolean keep = false;
    try {
      // A call of one stream makes all others of its worker wait. The runner's own threads should
      // not: Beam's direct runner spins while it waits for a pause to end.
      int others = open.waiting();
      long deadline =
          System.nanoTime() + (waiting == null ? CALL : CALL.dividedBy(1 + others)).toNanos();
      org.joda.time.Duration pause = others == 0 ? org.joda.time.Duration.ZERO : PAUSE;
      long budget = budget(stream);
      while (true) {
        StreamPosition before = reader.position();
        ShardReader.Item item =
            reader.poll(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
        if (item == null) {
          keep = true;
          return ProcessContinuation.resume().withResumeDelay(pause);
        }
        requireUnbroken(stream, item.after());
        if (!tracker.tryClaim(claim(item))) {
          reader.putBack(item, before);
          keep = true;
          return ProcessContinuation.stop();
        }
        output.accept(item);
        budget -= report(stream, item);
        if (isLast(item)) {
          return ProcessContinuation.stop();
        }
        if (budget <= 0 || System.nanoTime() - deadline >= 0) {
          keep = true;
          return ProcessContinuation.resume().withResumeDelay(pause);
        }
      }
    } finally {
      if (keep) {
        open.park(Key.of(stream), reader);
      } else {
        open.end(reader);
      }
    }
  }

  /** Opens what reads a stream. */
  ShardReader reader(ShardStream stream, StreamPosition from, ReaderLimits limits) {
    return new ShardReader(source, stream, from, limits);
  }

  final VitessCdcUri source() {
    return source;
  }

  /** Under which progress is reported. */
  final String runId() {
    return runId;
  }

  /** Whether nothing comes after an item. */
  boolean isLast(ShardReader.Item item) {
    return item.end() != null;
  }

  private StreamTracker.Claim claim(ShardReader.Item item) {
    StreamPosition after = isLast(item) ? item.after().finished() : item.after();
    return new StreamTracker.Claim(after, item.commitMillis());
  }

  private void requireUnbroken(ShardStream stream, StreamPosition position) {
    if (failsOnBroken && !position.broken().isEmpty()) {
      throw new NeedsRefreshException(
          "The changes of "
              + stream.describe()
              + " can't be followed any further: "
              + String.join("; ", position.broken().values())
              + ". Begin again with a copy");
    }
  }

  private long budget(ShardStream stream) {
    return Math.min(MOST_CALL_BYTES, Math.max(LEAST_CALL_BYTES, CALLS_BYTES / together(stream)));
  }

  /** How many streams share what there is. */
  private int together(ShardStream stream) {
    return most == Integer.MAX_VALUE ? stream.count() : most;
  }

  /** The bytes of the item. */
  private long report(ShardStream stream, ShardReader.Item item) {
    long bytes = 0;
    for (Block block : item.blocks()) {
      bytes += block.length();
      rowsRead.inc(block.rows());
      bytesRead.inc(block.length());
      RunProgress.of(runId)
          .read(block.schema().qualifiedName(), stream.shard(), block.rows(), block.length());
    }
    if (item.commitMillis() > 0) {
      lagMillis.update(System.currentTimeMillis() - item.commitMillis());
    }
    return bytes;
  }
}
