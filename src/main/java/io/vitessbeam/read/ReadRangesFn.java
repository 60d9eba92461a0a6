package io.vitessbeam.read;

import io.vitessbeam.RunProgress;
import io.vitessbeam.TransientException;
import io.vitessbeam.block.Block;
import io.vitessbeam.connect.MysqlSource;
import java.time.Duration;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Distribution;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.DoFn.BoundedPerElement;
import org.apache.beam.sdk.transforms.splittabledofn.RestrictionTracker;

/**
 * Reads ranges into blocks. A call gives out some megabytes and resumes, which bounds what a runner
 * that keeps the output of a call (the direct runner) has in memory; the range is read on
 * meanwhile. The ranges may be of several tables.
 *
 * <p>A range that can't be read on from its middle by another worker is read in one call, which
 * lasts as long as it takes; unless there are no other workers.
 */
@BoundedPerElement
public final class ReadRangesFn extends DoFn<ReadPart, Block> {

  private static final long serialVersionUID = 1L;

  /** What all calls that are under way give out at most, together. */
  private static final long CALLS_BYTES = 64L << 20;

  private static final long MOST_CALL_BYTES = 8L << 20;
  private static final long LEAST_CALL_BYTES = 1L << 20;

  /** What is read ahead of the calls at most, by all ranges of a read together. */
  private static final long AHEAD_BYTES = 64L << 20;

  /** Enough to go on reading while a runner with few threads stages what it has. */
  private static final long MOST_AHEAD_BYTES = 16L << 20;

  /** How long a call waits for a block; meanwhile other ranges of its worker wait for the call. */
  private static final Duration WAIT = Duration.ofSeconds(1);

  /** Each of the waiting ranges asks again; a hundred of them shouldn't keep a runner busy. */
  private static final org.joda.time.Duration WAIT_FOR_OTHERS = org.joda.time.Duration.millis(200);

  /** What tells the ranges of all tables apart that are read together. */
  private record Key(String table, long plan, int index) {

    static Key of(ReadPart range) {
      return new Key(range.request().name(), range.plan(), range.index());
    }
  }

  private final String runId;
  private final String read;
  private final int most;
  private final boolean oneWorker;

  /** Null if the ranges say it. */
  private final MysqlSource source;

  private final Counter rowsRead = Metrics.counter(ReadRangesFn.class, "rows_read");
  private final Counter bytesRead = Metrics.counter(ReadRangesFn.class, "bytes_read");
  private final Distribution blockBytes = Metrics.distribution(ReadRangesFn.class, "block_bytes");
  private final Counter rangesRead = Metrics.counter(ReadRangesFn.class, "ranges_read");

  private transient OpenReaders<ReadAhead> open;

  /**
   * Reads all ranges at the same time.
   *
   * @param runId under which progress is reported
   * @param read unique to this read of the run
   * @param options of the pipeline
   */
  public ReadRangesFn(String runId, String read, PipelineOptions options) {
    this(runId, read, Integer.MAX_VALUE, isOneWorker(options), null);
  }

  /**
   * Reads the ranges of many tables, which don't say where their source is.
   *
   * @param most how many ranges are read at the same time in a JVM
   */
  public ReadRangesFn(
      String runId, String read, PipelineOptions options, int most, MysqlSource source) {
    this(runId, read, most, isOneWorker(options), source);
  }

  /**
   * @param oneWorker whether all calls are made in one JVM, which never goes back to an earlier
   *     call
   */
  ReadRangesFn(String runId, String read, int most, boolean oneWorker) {
    this(runId, read, most, oneWorker, null);
  }

  private ReadRangesFn(String runId, String read, int most, boolean oneWorker, MysqlSource source) {
    this.runId = runId;
    this.read = runId + "/" + read;
    this.most = most;
    this.oneWorker = oneWorker;
    this.source = source;
  }

  /** By name: only who runs a pipeline with the direct runner has its classes. */
  private static boolean isOneWorker(PipelineOptions options) {
    return options.getRunner().getSimpleName().equals("DirectRunner");
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
  public RangePosition initialRestriction(@Element ReadPart range) {
    return RangePosition.START;
  }

  @GetRestrictionCoder
  public Coder<RangePosition> restrictionCoder() {
    return SerializableCoder.of(RangePosition.class);
  }

  @NewTracker
  public RestrictionTracker<RangePosition, RangePosition> newTracker(
      @Element ReadPart range, @Restriction RangePosition position) {
    return new RangeTracker(position, range.estimatedRows(), isCuttable(range));
  }

  private boolean isCuttable(ReadPart range) {
    return range.resumable() || oneWorker;
  }

  @GetSize
  public double size(@Element ReadPart range, @Restriction RangePosition position) {
    return Math.max(1, range.estimatedRows() - position.rows());
  }

  @ProcessElement
  public ProcessContinuation process(
      @Element ReadPart range,
      RestrictionTracker<RangePosition, RangePosition> tracker,
      OutputReceiver<Block> output)
      throws InterruptedException {
    RangePosition from = tracker.currentRestriction();
    if (from.done()) {
      // The runner gave all of it to another call.
      return ProcessContinuation.stop();
    }
    ReadAhead reading = reading(range, from);
    if (reading == null) {
      return ProcessContinuation.resume().withResumeDelay(WAIT_FOR_OTHERS);
    }
    boolean keep = false;
    try {
      long budget = budget(range);
      while (true) {
        RangePosition before = reading.position();
        ReadAhead.Item item = reading.poll(WAIT);
        if (item == null) {
          if (isCuttable(range) || before.isStart()) {
            keep = true;
            return ProcessContinuation.resume();
          }
          continue;
        }
        if (!tracker.tryClaim(item.after())) {
          reading.putBack(item, before);
          keep = true;
          return ProcessContinuation.stop();
        }
        Block block = item.block();
        report(range, block);
        output.output(block);
        if (block.origin().closesRange()) {
          return ProcessContinuation.stop();
        }
        budget -= block.length();
        if (budget <= 0 && isCuttable(range)) {
          keep = true;
          return ProcessContinuation.resume();
        }
      }
    } finally {
      if (keep) {
        open.park(Key.of(range), reading);
      } else {
        open.end(reading);
      }
    }
  }

  /** Null if it is not the range's turn. */
  private ReadAhead reading(ReadPart range, RangePosition position) {
    ReadAhead waiting = open.take(Key.of(range), position);
    if (waiting != null) {
      return waiting;
    }
    if (!position.isStart() && !range.resumable()) {
      throw new TransientException(
          "Reading "
              + range.describe()
              + " was moved to another worker after "
              + position.rows()
              + " rows, and without a primary key to go on from the range can't be resumed:"
              + " run again",
          null);
    }
    ReadPart there = source == null ? range : range.in(source);
    long ahead = Math.min(MOST_AHEAD_BYTES, AHEAD_BYTES / together(range));
    return open.open(
        most, () -> new ReadAhead(there, position, new Retry(Retry.DEFAULT_PATIENCE), ahead));
  }

  private long budget(ReadPart range) {
    return Math.min(MOST_CALL_BYTES, Math.max(LEAST_CALL_BYTES, CALLS_BYTES / together(range)));
  }

  /** How many ranges share what there is. */
  private int together(ReadPart range) {
    return most == Integer.MAX_VALUE ? range.count() : most;
  }

  private void report(ReadPart range, Block block) {
    rowsRead.inc(block.rows());
    bytesRead.inc(block.length());
    if (block.origin().closesRange()) {
      rangesRead.inc();
    } else {
      blockBytes.update(block.length());
    }
    RunProgress.of(runId).read(range.request().name(), range.shard(), block.rows(), block.length());
  }
}
