package io.vitessbeam.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vitessbeam.BoundedRead;
import io.vitessbeam.block.Block;
import io.vitessbeam.block.BlockReader;
import io.vitessbeam.schema.Column;
import io.vitessbeam.testing.TestPipelines.EmbeddedRunner;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** What a read gave, as the text that its blocks hold; bytes of a BLOB in hexadecimal. */
public final class BlockRows {

  private BlockRows() {}

  /** The rows of a read that was run, in the order of its blocks. */
  public static List<List<String>> of(BoundedRead<?> read) {
    return of(EmbeddedRunner.DIRECT, read);
  }

  public static List<List<String>> of(EmbeddedRunner runner, BoundedRead<?> read) {
    List<List<String>> rows = new ArrayList<>();
    List<Block> blocks = new ArrayList<>(TestPipelines.read(runner, read.blocks()));
    blocks.sort(
        (a, b) ->
            a.origin().range() != b.origin().range()
                ? Integer.compare(a.origin().range(), b.origin().range())
                : Long.compare(a.origin().sequence(), b.origin().sequence()));
    for (Block block : blocks) {
      BlockReader reader = new BlockReader(block);
      while (reader.nextRow()) {
        List<String> row = new ArrayList<>();
        List<Column> columns = block.schema().columns();
        for (int i = 0; i < columns.size(); i++) {
          row.add(text(reader.value(i), columns.get(i)));
        }
        rows.add(row);
      }
    }
    return rows;
  }

  /** How many ranges the read was planned into. */
  public static int ranges(BoundedRead<?> read) {
    return TestPipelines.read(EmbeddedRunner.DIRECT, read.blocks()).get(0).origin().ranges();
  }

  private static String text(byte[] value, Column column) {
    if (value == null) {
      return null;
    }
    return switch (column.type().base()) {
      case BINARY, VARBINARY, TINYBLOB, BLOB, MEDIUMBLOB, LONGBLOB ->
          HexFormat.of().formatHex(value);
      default -> new String(value, UTF_8);
    };
  }

  /** {@code name TYPE(length,scale) NOT NULL} of each column of what would be read. */
  public static List<String> columns(BoundedRead<?> read) {
    return read.schema().columns().stream().map(BlockRows::describe).toList();
  }

  private static String describe(Column column) {
    String size =
        column.type().length() == 0 && column.type().scale() == 0
            ? ""
            : "(" + column.type().length() + "," + column.type().scale() + ")";
    return column.name()
        + " "
        + column.type().base()
        + size
        + (column.type().unsigned() ? " UNSIGNED" : "")
        + (column.nullable() ? "" : " NOT NULL");
  }
}
