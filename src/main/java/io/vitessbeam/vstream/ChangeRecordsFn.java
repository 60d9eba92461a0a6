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
import io.vitessbeam.vstream.position.ChangeOrder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.Row;

/**
 * Decodes blocks of changes of some tables, for pipelines that go on with Beam's own transforms.
 *
 * <p>A record has the time of its commit as timestamp, or that of its block where it is later: a
 * block is never earlier than the watermark, and neither are its records.
 */
public final class ChangeRecordsFn extends DoFn<Block, ChangeRecord> {

  private static final long serialVersionUID = 1L;

  private final List<TableSchema> tables;

  private transient Map<String, Images> images;

  public ChangeRecordsFn(List<TableSchema> tables) {
    this.tables = List.copyOf(tables);
  }

  /** Makes the rows of a table. */
  private record Images(TableSchema table, Schema schema, RowValues values) {

    static Images of(TableSchema table) {
      return new Images(table, rowSchema(table), new RowValues(table));
    }

    Row row(BlockReader reader) {
      return Row.withSchema(schema).attachValues(values.of(reader));
    }

    List<String> unchanged(RowMarks marks, int row) {
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

  /** The schema of the rows before and after a change; what isn't known of one is NULL. */
  public static Schema rowSchema(TableSchema table) {
    return BlockRowsFn.schemaOf(
        table.withColumns(table.columns().stream().map(Column::asNullable).toList()));
  }

  @Setup
  public void setUp() {
    images =
        tables.stream()
            .map(Images::of)
            .collect(Collectors.toMap(of -> of.table().table(), of -> of));
  }

  @ProcessElement
  public void process(
      @Element Block block,
      @Timestamp org.joda.time.Instant least,
      OutputReceiver<ChangeRecord> output) {
    Images of = images.get(block.schema().table());
    BlockReader reader = new BlockReader(block);
    Row before = null;
    for (int row = 0; reader.nextRow(); row++) {
      if (block.marks().kind(row) == RowKind.BEFORE) {
        before = of.row(reader);
        continue;
      }
      ChangeRecord change = change(of, block, row, before, reader);
      before = null;
      Instant time = change.commitTime();
      boolean later = time != null && time.toEpochMilli() > least.getMillis();
      output.outputWithTimestamp(
          change, later ? org.joda.time.Instant.ofEpochMilli(time.toEpochMilli()) : least);
    }
  }

  private static ChangeRecord change(
      Images of, Block block, int row, Row before, BlockReader reader) {
    RowMarks marks = block.marks();
    RowKind kind = marks.kind(row);
    long seconds = marks.commitSeconds(row);
    return new ChangeRecord(
        of.table().keyspace(),
        of.table().table(),
        block.origin().shard(),
        operation(kind),
        kind == RowKind.DELETE ? of.row(reader) : before,
        kind == RowKind.DELETE || kind == RowKind.TRUNCATE ? null : of.row(reader),
        of.unchanged(marks, row),
        ChangeOrder.of(block, row),
        kind == RowKind.COPY || seconds == 0 ? null : Instant.ofEpochSecond(seconds),
        Optional.ofNullable(marks.gtid(row)).orElse(""));
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
}
