package io.vitessbeam.write.adapt;

import io.vitessbeam.FailedRow;
import io.vitessbeam.SchemaContract;
import io.vitessbeam.block.Block;
import io.vitessbeam.block.BlockBuilder;
import io.vitessbeam.block.BlockReader;
import io.vitessbeam.schema.TableSchema;
import io.vitessbeam.write.LoadSpec;
import io.vitessbeam.write.load.UnfitValueException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Makes the blocks that are staged from those of a source. For one thread. */
public final class BlockAdapter {

  /** What became of a row. */
  private enum Fate {
    STAGED,
    DISCARDED,
    FAILED
  }

  private final TableSchema source;
  private final AdaptedTable table;
  private final boolean discardsRows;
  private final boolean routesFailures;
  private final boolean keepsValues;
  private final RowText text;
  private long valuesDiscarded;
  private List<FailedRow> failed = new ArrayList<>();

  private BlockAdapter(
      TableSchema source, AdaptedTable table, boolean discardsRows, boolean routesFailures) {
    this.source = source;
    this.table = table;
    this.discardsRows = discardsRows;
    this.routesFailures = routesFailures;
    this.keepsValues = table.keepsValues();
    this.text = new RowText(source, table.masked());
  }

  /**
   * The adapter for the blocks of a table.
   *
   * @param adaptation resolved
   * @param spec as the user gave it
   * @param target the columns of the table that is there; empty if there is none
   * @throws io.vitessbeam.ConfigurationException if what is asked for does not go with its columns
   */
  public static BlockAdapter of(
      Adaptation adaptation, LoadSpec spec, TableSchema source, Optional<TableSchema> target) {
    Optional<TableSchema> contracted = target.filter(there -> adaptation.discards(spec));
    return new BlockAdapter(
        source,
        AdaptedTable.of(adaptation, spec, source, contracted),
        adaptation.contract() == SchemaContract.DISCARD_ROW,
        adaptation.routesFailures());
  }

  /** Whether it is for blocks of these columns. */
  public boolean isOf(TableSchema schema) {
    return source.equals(schema);
  }

  /**
   * The rows as they are to be staged.
   *
   * @throws io.vitessbeam.DataException if a value does not fit, with its column and its row
   */
  public AdaptedBlock adapt(Block block) {
    if (keepsValues || block.rows() == 0) {
      return new AdaptedBlock(block.withSchema(table.schema()), 0, 0, List.of());
    }
    BlockReader reader = new BlockReader(block);
    BlockBuilder builder = new BlockBuilder(table.schema(), block.length() + block.length() / 8);
    long discarded = 0;
    valuesDiscarded = 0;
    failed = new ArrayList<>();
    while (reader.nextRow()) {
      int rows = builder.rows();
      int length = builder.length();
      long values = valuesDiscarded;
      Fate fate = add(builder, reader);
      if (fate != Fate.STAGED) {
        builder.truncate(rows, length);
        valuesDiscarded = values;
        discarded += fate == Fate.DISCARDED ? 1 : 0;
      }
    }
    long leftOut = block.origin().leftOut() + discarded + failed.size();
    return new AdaptedBlock(
        builder.build(block.origin().withLeftOut(leftOut)), discarded, valuesDiscarded, failed);
  }

  private Fate add(BlockBuilder builder, BlockReader reader) {
    for (int index : table.lacking()) {
      if (!reader.isNull(index)) {
        if (discardsRows) {
          return Fate.DISCARDED;
        }
        valuesDiscarded++;
      }
    }
    builder.startRow();
    for (AdaptedColumn column : table.columns()) {
      Fate fate = add(builder, reader, column);
      if (fate != Fate.STAGED) {
        return fate;
      }
    }
    return Fate.STAGED;
  }

  private Fate add(BlockBuilder builder, BlockReader reader, AdaptedColumn column) {
    byte[] value;
    try {
      value = reader.isNull(column.source()) ? Conversion.NULL : converted(reader, column);
      if (value == Conversion.NULL && column.complete()) {
        throw new UnfitValueException("is in a column that is a key, or NOT NULL");
      }
    } catch (UnfitValueException e) {
      if (!routesFailures) {
        throw text.misfit(reader, column.source(), e.getMessage());
      }
      failed.add(text.failed(reader, column.source(), e.getMessage()));
      return Fate.FAILED;
    }
    if (value != Conversion.NULL && column.contract() != null) {
      try {
        value = contracted(reader, column, value);
      } catch (UnfitValueException e) {
        if (discardsRows) {
          return Fate.DISCARDED;
        }
        if (!column.column().nullable()) {
          throw text.misfit(reader, column.source(), e.getMessage());
        }
        valuesDiscarded++;
        value = Conversion.NULL;
      }
    }
    if (value == Conversion.NULL && column.required()) {
      if (discardsRows) {
        return Fate.DISCARDED;
      }
      throw text.misfit(reader, column.source(), "is for a column that takes no NULL");
    }
    add(builder, reader, column.source(), value);
    return Fate.STAGED;
  }

  /** Null if the value is that of the source. */
  private byte[] converted(BlockReader reader, AdaptedColumn column) {
    if (column.conversion() == null) {
      return null;
    }
    int index = column.source();
    return column.conversion().convert(reader.bytes(), reader.offset(index), reader.length(index));
  }

  private static byte[] contracted(BlockReader reader, AdaptedColumn column, byte[] value) {
    if (value == null) {
      int index = column.source();
      return column.contract().convert(reader.bytes(), reader.offset(index), reader.length(index));
    }
    byte[] converted = column.contract().convert(value, 0, value.length);
    return converted == null ? value : converted;
  }

  private static void add(BlockBuilder builder, BlockReader reader, int index, byte[] value) {
    if (value == null) {
      builder.addValue(reader.bytes(), reader.offset(index), reader.length(index));
    } else if (value == Conversion.NULL) {
      builder.addNull();
    } else {
      builder.addValue(value, 0, value.length);
    }
  }
}
