package io.vitessbeam.write.mysql;

import io.vitessbeam.block.Block;
import io.vitessbeam.block.BlockBuilder;
import io.vitessbeam.block.Origin;
import io.vitessbeam.schema.Column;
import io.vitessbeam.schema.ColumnType;
import io.vitessbeam.schema.MysqlType;
import io.vitessbeam.schema.TableSchema;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/** A table that is read: its columns and its rows, as blocks. */
public final class Source {

  private final List<Column> columns = new ArrayList<>();
  private final List<String> key;
  private final List<Object[]> rows = new ArrayList<>();
  private int ranges = 1;
  private int rowsPerBlock = 100;
  private long plan = 5;

  public Source(String... key) {
    this.key = List.of(key);
  }

  /** The table of most tests. */
  public static Source items() {
    return new Source("id")
        .column("id", ColumnType.of(MysqlType.BIGINT), false)
        .column("name", ColumnType.of(MysqlType.VARCHAR, 50), true)
        .column("changed", ColumnType.temporal(MysqlType.DATETIME, 0), true);
  }

  /** The same columns without rows. */
  static Source copy(Source other) {
    Source copy = new Source(other.key.toArray(String[]::new));
    copy.columns.addAll(other.columns);
    return copy;
  }

  public Source column(String name, ColumnType type, boolean nullable) {
    columns.add(new Column(name, type, nullable));
    return this;
  }

  /** Adds a row of texts and bytes; null is NULL. */
  public Source row(Object... values) {
    rows.add(values);
    return this;
  }

  /** Adds rows of {@link #items} with the numbers {@code from} to {@code to}, without the last. */
  public Source items(int from, int to, String name) {
    for (int id = from; id < to; id++) {
      row(id, name + " " + id, String.format("2024-01-%02d 00:00:00", 1 + id % 28));
    }
    return this;
  }

  public Source in(int newRanges, int newRowsPerBlock) {
    ranges = newRanges;
    rowsPerBlock = newRowsPerBlock;
    return this;
  }

  Source planned(long newPlan) {
    plan = newPlan;
    return this;
  }

  public TableSchema schema() {
    return new TableSchema("source", "t", columns, key);
  }

  /** Its rows, each as one text, as MySQL's {@code CONCAT_WS('|', …)} of all columns gives it. */
  List<String> texts() {
    return rows.stream()
        .map(
            row ->
                Arrays.stream(row)
                    .filter(Objects::nonNull)
                    .map(Object::toString)
                    .collect(Collectors.joining("|")))
        .toList();
  }

  /** All blocks, those that close their ranges too. */
  public List<Block> blocks() {
    List<Block> blocks = new ArrayList<>();
    TableSchema schema = schema();
    for (int range = 0; range < ranges; range++) {
      List<Object[]> own =
          rows.subList(rows.size() * range / ranges, rows.size() * (range + 1) / ranges);
      int sequence = 0;
      for (int from = 0; from < own.size(); from += rowsPerBlock) {
        BlockBuilder builder = new BlockBuilder(schema, 1024);
        own.subList(from, Math.min(own.size(), from + rowsPerBlock))
            .forEach(row -> add(builder, row));
        blocks.add(builder.build(new Origin(plan, range, ranges, sequence++, -1, "")));
      }
      blocks.add(Block.closing(schema, new Origin(plan, range, ranges, sequence, own.size(), "")));
    }
    return blocks;
  }

  private static void add(BlockBuilder builder, Object[] row) {
    builder.startRow();
    for (Object value : row) {
      if (value == null) {
        builder.addNull();
      } else {
        byte[] bytes =
            value instanceof byte[] own ? own : value.toString().getBytes(StandardCharsets.UTF_8);
        builder.addValue(bytes, 0, bytes.length);
      }
    }
  }
}
