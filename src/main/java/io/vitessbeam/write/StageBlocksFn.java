package io.vitessbeam.write;

import io.vitessbeam.FailedRow;
import io.vitessbeam.block.Block;
import io.vitessbeam.schema.TableSchema;
import io.vitessbeam.write.adapt.Adaptation;
import io.vitessbeam.write.adapt.AdaptedBlock;
import io.vitessbeam.write.adapt.BlockAdapter;
import io.vitessbeam.write.load.FunctionCopies;
import java.util.Optional;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Distribution;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.errorhandling.BadRecord;
import org.apache.beam.sdk.transforms.errorhandling.BadRecordRouter;
import org.apache.beam.sdk.values.TupleTag;

/**
 * Stages blocks in the load that all copies of this function share; gives a receipt per range.
 *
 * <p>An attempt is known by the plan of its blocks, which is drawn anew whenever a read is planned:
 * where a runner starts all over, what the former attempt has staged is of no use.
 */
public final class StageBlocksFn extends DoFn<Block, AttemptReceipt> {

  public static final TupleTag<AttemptReceipt> RECEIPTS = new TupleTag<>("receipts") {};

  /** What was done to blocks, where something is. */
  public static final TupleTag<StagedBlock> BLOCKS = new TupleTag<>("blocks") {};

  private final Counter rowsStaged = Metrics.counter(StageBlocksFn.class, "rows_staged");
  private final Counter bytesStaged = Metrics.counter(StageBlocksFn.class, "bytes_staged");
  private final Distribution blockBytes = Metrics.distribution(StageBlocksFn.class, "block_bytes");
  private final Counter rangesStaged = Metrics.counter(StageBlocksFn.class, "ranges_staged");
  private final Counter rowsDiscarded = Metrics.counter(StageBlocksFn.class, "rows_discarded");
  private final Counter valuesDiscarded = Metrics.counter(StageBlocksFn.class, "values_discarded");
  private final Counter rowsFailed = Metrics.counter(StageBlocksFn.class, "rows_failed");
  private final Destination destination;
  private final LoadSpec spec;
  private final Adaptation adaptation;
  private transient String attempt;
  private transient Loader load;
  private transient Adaptation resolved;
  private transient BlockAdapter adapter;

  /**
   * @param spec as the user gave it
   */
  public StageBlocksFn(Destination destination, LoadSpec spec, Adaptation adaptation) {
    this.destination = destination;
    this.spec = spec;
    this.adaptation = adaptation;
  }

  @Setup
  public void setup() {
    FunctionCopies.ofThisJvm().enter(spec.owner());
  }

  @ProcessElement
  public void process(@Element Block block, MultiOutputReceiver output) {
    String plan = Long.toHexString(block.origin().plan());
    if (!plan.equals(attempt)) {
      release();
      attempt = plan;
      resolved = adaptation;
    }
    Block adapted = adaptation.isNone() ? block : adapt(block, output);
    Optional<StagedRange> receipt = load().stage(adapted);
    report(adapted);
    if (receipt.isPresent()) {
      rangesStaged.inc();
      output.get(RECEIPTS).output(new AttemptReceipt(attempt, receipt.get()));
    }
  }

  private Loader load() {
    if (load == null) {
      load = destination.loader(resolved.translate(spec).withAttempt(attempt));
    }
    return load;
  }

  /** A closing block has no rows, and would only blur how large the others are. */
  private void report(Block staged) {
    if (!staged.origin().closesRange()) {
      rowsStaged.inc(staged.rows());
      bytesStaged.inc(staged.length());
      blockBytes.update(staged.length());
    }
  }

  private Block adapt(Block block, MultiOutputReceiver output) {
    if (adapter == null || !adapter.isOf(block.schema())) {
      adapter = adapter(block.schema());
    }
    AdaptedBlock adapted = adapter.adapt(block);
    rowsDiscarded.inc(adapted.rowsDiscarded());
    valuesDiscarded.inc(adapted.valuesDiscarded());
    long failedBefore = block.origin().leftOut();
    rowsFailed.inc(adapted.failed().size());
    for (FailedRow row : adapted.failed()) {
      output.get(BadRecordRouter.BAD_RECORD_TAG).output(badRecord(row));
    }
    output
        .get(BLOCKS)
        .output(
            new StagedBlock(
                resolved.naming(),
                adapted.rowsDiscarded(),
                adapted.valuesDiscarded(),
                failedBefore + adapted.failed().size()));
    return adapted.block();
  }

  private BlockAdapter adapter(TableSchema source) {
    Optional<TableSchema> target =
        adaptation.dependsOnTarget(spec) ? destination.table(spec.table()) : Optional.empty();
    if (load == null) {
      resolved = adaptation.resolve(source, target);
    }
    return BlockAdapter.of(resolved, spec, source, target);
  }

  /** A row as error handlers take it. */
  static BadRecord badRecord(FailedRow row) {
    return BadRecord.builder()
        .setRecord(
            BadRecord.Record.builder()
                .addHumanReadableJson(row)
                .addCoderAndEncodedRecord(SerializableCoder.of(FailedRow.class), row)
                .build())
        .setFailure(
            BadRecord.Failure.builder()
                .setDescription(
                    "Column %s of %s, row %s: %s"
                        .formatted(row.column(), row.table(), row.key(), row.reason()))
                .build())
        .build();
  }

  @Teardown
  public void teardown() {
    FunctionCopies.ofThisJvm().leave(spec.owner(), this::release);
  }

  private void release() {
    if (load != null) {
      load.release();
      load = null;
    }
    adapter = null;
  }
}
