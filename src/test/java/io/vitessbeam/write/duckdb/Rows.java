package io.vitessbeam.write.duckdb;

import io.vitessbeam.block.Block;
import io.vitessbeam.block.BlockBuilder;
import io.vitessbeam.block.Origin;
import io.vitessbeam.schema.Column;
import io.vitessbeam.schema.ColumnType;
import io.vitessbeam.schema.MysqlType;
import io.vitessbeam.schema.TableSchema;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Makes blocks for tests. */
public final class Rows {

  /** A table of a number and a text. */
  public static final TableSchema ITEMS =
      new TableSchema(
          "shop",
          "items",
          List.of(
              new Column("id", ColumnType.of(MysqlType.BIGINT), false),
              new Column("name", ColumnType.of(MysqlType.VARCHAR, 100), true)),
          List.of("id"));

  private Rows() {}

  /** A block of items with the numbers {@code from} to {@code to}, without the last. */
  public static Block items(Origin origin, long from, long to) {
    BlockBuilder block = new BlockBuilder(ITEMS, 1024);
    for (long id = from; id < to; id++) {
      block.startRow();
      add(block, Long.toString(id));
      add(block, "item " + id);
    }
    return block.build(origin);
  }

  /** Range {@code range} of {@code ranges} with its closing block: ids from {@code 1000 range}. */
  public static List<Block> itemRange(int range, int ranges, int blocks, int rowsPerBlock) {
    List<Block> all = new ArrayList<>();
    for (int i = 0; i < blocks; i++) {
      long from = 1000L * range + (long) i * rowsPerBlock;
      all.add(items(new Origin(5, range, ranges, i, -1, "0"), from, from + rowsPerBlock));
    }
    all.add(closing(ITEMS, range, ranges, blocks, (long) blocks * rowsPerBlock));
    return all;
  }

  public static Block closing(TableSchema schema, int range, int ranges, long blocks, long rows) {
    return Block.closing(schema, new Origin(5, range, ranges, blocks, rows, "0"));
  }

  /** A table of one column with one block and its closing block. A null is NULL. */
  public static List<Block> ofColumn(Column column, List<byte[]> values) {
    TableSchema schema = new TableSchema("shop", "t", List.of(column), List.of());
    BlockBuilder block = new BlockBuilder(schema, 1024);
    for (byte[] value : values) {
      block.startRow();
      if (value == null) {
        block.addNull();
      } else {
        block.addValue(value, 0, value.length);
      }
    }
    return List.of(
        block.build(new Origin(5, 0, 1, 0, -1, "0")), closing(schema, 0, 1, 1, values.size()));
  }

  private static void add(BlockBuilder block, String value) {
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    block.addValue(bytes, 0, bytes.length);
  }
}
