package io.vitessbeam.vstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitessbeam.ChangeOperation;
import io.vitessbeam.ChangeRecord;
import io.vitessbeam.DataException;
import io.vitessbeam.block.Block;
import io.vitessbeam.block.Origin;
import io.vitessbeam.block.RowKind;
import io.vitessbeam.schema.Column;
import io.vitessbeam.schema.ColumnType;
import io.vitessbeam.schema.MysqlType;
import io.vitessbeam.schema.TableSchema;
import io.vitessbeam.vstream.decode.ChangeBuilder;
import io.vitessbeam.vstream.position.CdcLsn;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.schemas.Schema.FieldType;
import org.apache.beam.sdk.transforms.DoFn.OutputReceiver;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.transforms.windowing.PaneInfo;
import org.apache.beam.sdk.values.OutputBuilder;
import org.apache.beam.sdk.values.Row;
import org.apache.beam.sdk.values.WindowedValue;
import org.apache.beam.sdk.values.WindowedValues;
import org.junit.jupiter.api.Test;

class ChangeRecordsFnTest {

  private static final TableSchema TABLE =
      new TableSchema(
          "shop",
          "t",
          List.of(
              new Column("id", ColumnType.of(MysqlType.INT), false),
              new Column("name", ColumnType.of(MysqlType.VARCHAR, 9), true),
              new Column("day", ColumnType.of(MysqlType.DATE), true)),
          List.of("id"));

  private static final Origin ORIGIN = new Origin(1_704_067_200_123L, 0, 1, 0, -1, "80-");
  private static final long SECONDS = 1_704_067_200;

  private final ChangeBuilder builder = new ChangeBuilder(TABLE, 16);

  @Test
  void everyKindOfRow() {
    add(RowKind.COPY, "1", "a", null);
    builder.commit(5, 0, "g");
    add(RowKind.INSERT, "2", "b", null);
    add(RowKind.BEFORE, "1", "a", null);
    add(RowKind.UPDATE, "1", "A", null);
    builder.commit(6, (int) SECONDS, "g");
    add(RowKind.DELETE, "2", "b", null);
    add(RowKind.TRUNCATE, null, null, null);
    builder.commit(7, (int) SECONDS + 1, "g");

    List<ChangeRecord> changes = values(process(builder.buildCommitted(ORIGIN), least()));
    Instant first = Instant.ofEpochSecond(SECONDS);
    assertThat(changes)
        .containsExactly(
            change(ChangeOperation.COPY, null, row(1, "a"), 5, 0, null),
            change(ChangeOperation.INSERT, null, row(2, "b"), 6, 1, first),
            change(ChangeOperation.UPDATE, row(1, "a"), row(1, "A"), 6, 3, first),
            change(ChangeOperation.DELETE, row(2, "b"), null, 7, 1, first.plusSeconds(1)),
            change(ChangeOperation.TRUNCATE, null, null, 7, 2, first.plusSeconds(1)));
    assertThat(changes).extracting(ChangeRecord::order).isSorted();
  }

  /** A server that was restored counts its transactions from less on. */
  @Test
  void aLaterReadSortsBehindWhateverItsRanks() {
    add(RowKind.INSERT, "1", "a", null);
    builder.commit(9_000, (int) SECONDS, "g");
    String earlier = values(process(builder.buildCommitted(ORIGIN), least())).get(0).order();
    add(RowKind.UPDATE, "1", "b", null);
    builder.commit(12, (int) SECONDS + 60, "g");
    Origin later = new Origin(ORIGIN.plan() + 60_000, 0, 1, 0, -1, "80-");

    assertThat(values(process(builder.buildCommitted(later), least())).get(0).order())
        .isGreaterThan(earlier);
  }

  @Test
  void columnsThatDidNotCome() {
    add(RowKind.UPDATE, "1", null, null);
    builder.markAbsent(1);
    add(RowKind.UPDATE, "2", null, null);
    builder.commit(6, (int) SECONDS, "g");

    List<ChangeRecord> changes = values(process(builder.buildCommitted(ORIGIN), least()));
    assertThat(changes.get(0).unchanged()).containsExactly("name");
    assertThat(changes.get(0).after()).isEqualTo(row(1, null));
    assertThat(changes.get(1).unchanged()).isEmpty();
  }

  /** A commit before the block's own time would be late. */
  @Test
  void timestamps() {
    add(RowKind.COPY, "1", "a", null);
    builder.commit(5, 0, "g");
    add(RowKind.INSERT, "2", "b", null);
    builder.commit(6, (int) SECONDS, "g");
    add(RowKind.INSERT, "3", "c", null);
    builder.commit(7, (int) SECONDS + 60, "g");
    org.joda.time.Instant time = org.joda.time.Instant.ofEpochSecond(SECONDS + 30);

    assertThat(process(builder.buildCommitted(ORIGIN), time))
        .extracting(WindowedValue::getTimestamp)
        .containsExactly(time, time, org.joda.time.Instant.ofEpochSecond(SECONDS + 60));
  }

  @Test
  void aClosingBlockHasNoChanges() {
    Block closing = Block.closing(TABLE, new Origin(1, 0, 1, 9, 100, "80-"));

    assertThat(process(closing, least())).isEmpty();
  }

  @Test
  void aValueThatCannotBeRead() {
    add(RowKind.INSERT, "1", "a", "2024-02-31");
    builder.commit(6, (int) SECONDS, "g");
    Block block = builder.buildCommitted(ORIGIN);

    assertThatThrownBy(() -> process(block, least()))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("Column day of shop.t holds '2024-02-31'")
        .hasMessageContaining("Choose another ZeroDates");
  }

  /** Also of a column that is NOT NULL less may be known than its value. */
  @Test
  void allFieldsAreNullable() {
    assertThat(ChangeRecordsFn.rowSchema(TABLE).getFields())
        .extracting(Schema.Field::getType)
        .allMatch(FieldType::getNullable);
  }

  private void add(RowKind kind, String... values) {
    builder.startRow(kind);
    for (String value : values) {
      if (value == null) {
        builder.values().addNull();
      } else {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        builder.values().addValue(bytes, 0, bytes.length);
      }
    }
  }

  private static Row row(int id, String name) {
    return Row.withSchema(ChangeRecordsFn.rowSchema(TABLE)).addValues(id, name, null).build();
  }

  private static ChangeRecord change(
      ChangeOperation operation, Row before, Row after, long rank, long number, Instant time) {
    return new ChangeRecord(
        "shop",
        "t",
        "80-",
        operation,
        before,
        after,
        List.of(),
        "1704067200123." + CdcLsn.order(0, rank, number).substring(7),
        time,
        "");
  }

  private static org.joda.time.Instant least() {
    return BoundedWindow.TIMESTAMP_MIN_VALUE;
  }

  private static List<ChangeRecord> values(List<WindowedValue<ChangeRecord>> elements) {
    return elements.stream().map(WindowedValue::getValue).toList();
  }

  private static List<WindowedValue<ChangeRecord>> process(
      Block block, org.joda.time.Instant timestamp) {
    List<WindowedValue<ChangeRecord>> elements = new ArrayList<>();
    OutputReceiver<ChangeRecord> output =
        new OutputReceiver<>() {
          @Override
          public OutputBuilder<ChangeRecord> builder(ChangeRecord value) {
            return WindowedValues.<ChangeRecord>builder()
                .setValue(value)
                .setTimestamp(timestamp)
                .setWindow(GlobalWindow.INSTANCE)
                .setPaneInfo(PaneInfo.NO_FIRING)
                .setReceiver(elements::add);
          }
        };
    ChangeRecordsFn function = new ChangeRecordsFn(List.of(TABLE));
    function.setUp();
    function.process(block, timestamp, output);
    return elements;
  }
}
