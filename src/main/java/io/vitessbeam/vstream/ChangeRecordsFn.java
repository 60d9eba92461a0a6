package io.vitessbeam.vstream;

import io.vitessbeam.ChangeOperation;
import io.vitessbeam.ChangeRecord;
import io.vitessbeam.block.Block;
import io.vitessbeam.block.BlockReader;
import io.vitessbeam.block.RowKind;
import io.vitessbeam.block.RowMarks;
import io.vitessbeam.block.RowValues;
import io.vitessbeam.read.BlockRowsFn;
import io.vitessbeam.schema.Column;
import io.vitessbeam.schema.TableSchema;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.Row;

/**
 * Decodes blocks of changes of one table, for pipelines that go on with Beam's own transforms.
 *
 * <p>A record has the time of its commit as timestamp, or that of its block where it is later: a
 * block is never earlier than the watermark, and neither are its records.
 */
public final class ChangeRecordsFn extends DoFn<Block, ChangeRecord> {

  private static final long serialVersionUID = 1L;

  private final TableSchema table;

  private transient Schema schema;
  private transient RowValues values;

  public ChangeRecordsFn(TableSchema table) {
    this.table = table;
  }

  /** The schema of the rows before and after a change; what isn't known of one is NULL. */
  public static Schema rowSchema(TableSchema table) {
    return BlockRowsFn.schemaOf(
        table.withColumns(table.columns().stream().map(Column::asNullable).toList()));
  }

  @Setup
  public void setUp() {
    schema = rowSchema(table);
    values = new RowValues(table);
  }

  @ProcessElement
  public void process(
      @Element Block block,
      @Timestamp org.joda.time.Instant least,
      OutputReceiver<ChangeRecord> output) {
    BlockReader reader = new BlockReader(block);
    Row before = null;
    for (int row = 0; reader.nextRow(); row++) {
      if (block.marks().kind(row) == RowKind.BEFORE) {
        before = row(reader);
        continue;
      }
      ChangeRecord change = change(block, row, before, reader);
      before = null;
      Instant time = change.commitTime();
      boolean later = time != null && time.toEpochMilli() > least.getMillis();
      output.outputWithTimestamp(
          change, later ? org.joda.time.Instant.ofEpochMilli(time.toEpochMilli()) : least);
    }
  }

  private ChangeRecord change(Block block, int row, Row before, BlockReader reader) {
    RowMarks marks = block.marks();
    RowKind kind = marks.kind(row);
    long seconds = marks.commitSeconds(row);
    return new ChangeRecord(
        table.keyspace(),
        table.table(),
        block.origin().shard(),
        operation(kind),
        kind == RowKind.DELETE ? row(reader) : before,
        kind == RowKind.DELETE || kind == RowKind.TRUNCATE ? null : row(reader),
        unchanged(marks, row),
        order(block.origin().plan(), marks.rank(row), marks.number(row)),
        kind == RowKind.COPY || seconds == 0 ? null : Instant.ofEpochSecond(seconds));
  }

  /**
   * Ranks can be compared within a read only: the servers of a later one may have been restored, or
   * have other shards, and begin with lower ranks. So the read comes first.
   *
   * @param read see {@link StreamResolver#resolve}
   */
  private static String order(long read, long rank, long number) {
    return String.format(Locale.ROOT, "%013d.%020d.%010d", read, rank, number);
  }

  private static ChangeOperation operation(RowKind kind) {
    return switch (kind) {
      case COPY -> ChangeOperation.COPY;
      case INSERT -> ChangeOperation.INSERT;
      case UPDATE -> ChangeOperation.UPDATE;
      case DELETE -> ChangeOperation.DELETE;
      case TRUNCATE -> ChangeOperation.TRUNCATE;
      case BEFORE -> throw new IllegalStateException("a row before a change is no change");
    };
  }

  private Row row(BlockReader reader) {
    return Row.withSchema(schema).attachValues(values.of(reader));
  }

  private List<String> unchanged(RowMarks marks, int row) {
    if (!marks.hasAbsent()) {
      return List.of();
    }
    List<String> names = new ArrayList<>();
    for (int i = 0; i < table.columns().size(); i++) {
      if (marks.isAbsent(row, i)) {
        names.add(table.columns().get(i).name());
      }
    }
    return names;
  }
}
