package io.vitessbeam.read;

import io.vitessbeam.DataException;
import io.vitessbeam.block.BlockReader;
import io.vitessbeam.schema.BeamValue;
import io.vitessbeam.schema.Column;
import io.vitessbeam.schema.TableSchema;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.schemas.Schema.Field;
import org.apache.beam.sdk.values.Row;

/** The Beam schema of a table and the Rows of its blocks. For any thread. */
final class RowShape {

  private static final int MOST_BYTES_SHOWN = 80;

  private final TableSchema table;
  private final Schema schema;
  private final BeamValue.Decoder[] decoders;

  RowShape(TableSchema table) {
    this.table = table;
    List<Column> columns = table.columns();
    this.decoders = new BeamValue.Decoder[columns.size()];
    Schema.Builder builder = Schema.builder();
    for (int i = 0; i < columns.size(); i++) {
      Column column = columns.get(i);
      BeamValue value = column.type().base().beam(column.type());
      decoders[i] = value.decoder();
      builder.addField(
          Field.of(column.name(), value.type().withNullable(column.nullable())));
    }
    this.schema = builder.build();
  }

  Schema schema() {
    return schema;
  }

  /** The current row of a reader. */
  Row row(BlockReader reader) {
    List<Object> values = new ArrayList<>(decoders.length);
    for (int i = 0; i < decoders.length; i++) {
      values.add(reader.isNull(i) ? null : decode(reader, i));
    }
    return Row.withSchema(schema).attachValues(values);
  }

  private Object decode(BlockReader reader, int column) {
    try {
      return decoders[column].decode(
          reader.bytes(), reader.offset(column), reader.length(column));
    } catch (DateTimeException | ArithmeticException | IllegalArgumentException e) {
      String value =
          new String(
              reader.bytes(),
              reader.offset(column),
              Math.min(reader.length(column), MOST_BYTES_SHOWN),
              StandardCharsets.UTF_8);
      throw new DataException(
          "Column "
              + table.columns().get(column).name()
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
}
