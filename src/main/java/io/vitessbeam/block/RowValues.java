package io.vitessbeam.block;

import io.vitessbeam.DataException;
import io.vitessbeam.schema.BeamValue;
import io.vitessbeam.schema.Column;
import io.vitessbeam.schema.TableSchema;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.List;

/** Decodes the rows of a table's blocks into the objects that a Beam Row holds. Stateless. */
public final class RowValues {

  private static final int MOST_BYTES_SHOWN = 80;

  private final TableSchema table;
  private final BeamValue.Decoder[] decoders;

  public RowValues(TableSchema table) {
    this.table = table;
    this.decoders =
        table.columns().stream()
            .map(column -> column.type().base().beam(column.type()).decoder())
            .toArray(BeamValue.Decoder[]::new);
  }

  /**
   * The values of the row at which the reader is, with null for NULL.
   *
   * @throws DataException if one has no meaning in its column's type
   */
  public List<Object> of(BlockReader reader) {
    List<Object> values = new ArrayList<>(decoders.length);
    for (int i = 0; i < decoders.length; i++) {
      values.add(reader.isNull(i) ? null : decode(reader, i));
    }
    return values;
  }

  private Object decode(BlockReader reader, int index) {
    try {
      return decoders[index].decode(reader.bytes(), reader.offset(index), reader.length(index));
    } catch (DateTimeException | ArithmeticException | IllegalArgumentException e) {
      throw refused(table, index, reader, e);
    }
  }

  /** What is said of a value that has no meaning in its column's type. */
  public static DataException refused(
      TableSchema table, int index, BlockReader reader, RuntimeException e) {
    Column column = table.columns().get(index);
    String value =
        new String(
            reader.bytes(),
            reader.offset(index),
            Math.min(reader.length(index), MOST_BYTES_SHOWN),
            StandardCharsets.UTF_8);
    return new DataException(
        "Column "
            + column.name()
            + " of "
            + table.qualifiedName()
            + " holds '"
            + value
            + "': "
            + e.getMessage()
            + (e instanceof DateTimeException
                ? ". Choose another ZeroDates to read it as NULL or as text"
                : ""),
        e);
  }
}
