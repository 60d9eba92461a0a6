package io.vitessbeam.write.adapt;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vitessbeam.DataException;
import io.vitessbeam.block.Block;
import io.vitessbeam.block.BlockBuilder;
import io.vitessbeam.block.BlockReader;
import io.vitessbeam.schema.Column;
import io.vitessbeam.schema.TableSchema;

/** Makes the blocks that are staged from those of a source. For one thread. */
public final class BlockAdapter {

  private static final int SHOWN_BYTES = 80;

  private final TableSchema source;
  private final AdaptedTable table;
  private final boolean keepsValues;

  private BlockAdapter(TableSchema source, AdaptedTable table) {
    this.source = source;
    this.table = table;
    this.keepsValues = table.keepsValues();
  }

  /**
   * The adapter for the blocks of a table.
   *
   * @throws io.vitessbeam.ConfigurationException if what is asked for does not go with its columns
   */
  public static BlockAdapter of(Adaptation adaptation, TableSchema source) {
    return new BlockAdapter(source, AdaptedTable.of(adaptation, source));
  }

  /** Whether it is for blocks of these columns. */
  public boolean isOf(TableSchema schema) {
    return source.equals(schema);
  }

  /**
   * The same rows as they are to be staged.
   *
   * @throws DataException if a value does not fit, with its column and its row
   */
  public Block adapt(Block block) {
    if (keepsValues || block.rows() == 0) {
      return block.withSchema(table.schema());
    }
    BlockReader reader = new BlockReader(block);
    BlockBuilder builder = new BlockBuilder(table.schema(), block.length() + block.length() / 8);
    while (reader.nextRow()) {
      builder.startRow();
      for (AdaptedColumn column : table.columns()) {
        add(builder, reader, column);
      }
    }
    return builder.build(block.origin());
  }

  private void add(BlockBuilder builder, BlockReader reader, AdaptedColumn column) {
    int index = column.source();
    if (reader.isNull(index)) {
      builder.addNull();
      return;
    }
    byte[] converted = null;
    if (column.conversion() != null) {
      try {
        converted =
            column.conversion().convert(reader.bytes(), reader.offset(index), reader.length(index));
      } catch (Misfit e) {
        throw misfit(reader, index, e.getMessage());
      }
    }
    if (converted == null) {
      builder.addValue(reader.bytes(), reader.offset(index), reader.length(index));
    } else if (converted == Conversion.NULL) {
      builder.addNull();
    } else {
      builder.addValue(converted, 0, converted.length);
    }
  }

  private DataException misfit(BlockReader reader, int index, String reason) {
    Column column = source.columns().get(index);
    return new DataException(
        "Column %s of %s, %s: '%s' %s"
            .formatted(
                column.name(), source.qualifiedName(), row(reader), text(reader, index), reason));
  }

  /** The row by its key, or by all that it holds. */
  private String row(BlockReader reader) {
    StringBuilder row = new StringBuilder("row");
    for (int i = 0; i < source.columns().size(); i++) {
      String name = source.columns().get(i).name();
      if (source.primaryKey().isEmpty() || source.primaryKey().contains(name)) {
        row.append(' ').append(name).append('=').append(text(reader, i));
      }
    }
    return row.toString();
  }

  private static String text(BlockReader reader, int index) {
    if (reader.isNull(index)) {
      return "NULL";
    }
    int length = reader.length(index);
    String shown =
        new String(reader.bytes(), reader.offset(index), Math.min(length, SHOWN_BYTES), UTF_8);
    return length > SHOWN_BYTES ? shown + "…" : shown;
  }
}
