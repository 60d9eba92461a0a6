package io.vitessbeam.vstream.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.vitessbeam.block.Block;
import io.vitessbeam.block.BlockReader;
import io.vitessbeam.block.RowKind;
import io.vitessbeam.block.RowMarks;
import io.vitessbeam.block.RowValues;
import io.vitessbeam.schema.Column;
import io.vitessbeam.schema.TableSchema;
import io.vitessbeam.vstream.position.ChangeOrder;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.DateTimeException;
import java.util.Optional;

/** Writes the changes of one table as JSON, see the package. For one thread. */
final class ChangeJson {

  private static final JsonFactory JSON = new JsonFactory();

  private final TableSchema table;
  private final JsonValue[] values;
  private final int[] key;

  ChangeJson(TableSchema table) {
    this.table = table;
    this.values =
        table.columns().stream()
            .map(column -> JsonValue.of(column.type()))
            .toArray(JsonValue[]::new);
    this.key = table.primaryKey().stream().mapToInt(table::indexOf).toArray();
  }

  /** Writes one text. */
  private interface Writing {
    void into(JsonGenerator out) throws IOException;
  }

  private static String write(Writing writing) {
    StringWriter text = new StringWriter();
    try (JsonGenerator out = JSON.createGenerator(text)) {
      writing.into(out);
    } catch (IOException e) {
      throw new UncheckedIOException("JSON can't be written to memory", e);
    }
    return text.toString();
  }

  /** The key of the row at which the reader is; {@code null} for a table without one. */
  String key(BlockReader reader) {
    if (key.length == 0) {
      return "null";
    }
    return write(
        out -> {
          out.writeStartObject();
          for (int column : key) {
            out.writeFieldName(table.columns().get(column).name());
            value(out, reader, column);
          }
          out.writeEndObject();
        });
  }

  /**
   * The row at which the reader is.
   *
   * @param marks of its block
   * @param row its number there
   */
  String row(BlockReader reader, RowMarks marks, int row) {
    return write(
        out -> {
          out.writeStartObject();
          for (int column = 0; column < values.length; column++) {
            Column of = table.columns().get(column);
            if (!marks.isAbsent(row, column)) {
              out.writeFieldName(of.name());
              value(out, reader, column);
              continue;
            }
            Optional<String> unavailable = JsonValue.unavailable(of.type());
            if (unavailable.isPresent()) {
              out.writeStringField(of.name(), unavailable.get());
            }
          }
          out.writeEndObject();
        });
  }

  private void value(JsonGenerator out, BlockReader reader, int column) throws IOException {
    if (reader.isNull(column)) {
      out.writeNull();
      return;
    }
    try {
      values[column].write(out, reader.bytes(), reader.offset(column), reader.length(column));
    } catch (DateTimeException | ArithmeticException | IllegalArgumentException e) {
      throw RowValues.refused(table, column, reader, e);
    }
  }

  /**
   * The change of a row.
   *
   * @param before the row before it as JSON, {@code null} for none
   * @param after the row after it, likewise
   * @param nowMillis when it was made JSON
   */
  String change(Block block, int row, String before, String after, long nowMillis) {
    return write(
        out -> {
          out.writeStartObject();
          image(out, "before", before);
          image(out, "after", after);
          source(out, block, row);
          out.writeNullField("transaction");
          out.writeStringField("op", operation(block.marks().kind(row)));
          out.writeNumberField("ts_ms", nowMillis);
          out.writeEndObject();
        });
  }

  private static void image(JsonGenerator out, String name, String row) throws IOException {
    out.writeFieldName(name);
    out.writeRawValue(row);
  }

  private void source(JsonGenerator out, Block block, int row) throws IOException {
    RowMarks marks = block.marks();
    String shard = block.origin().shard();
    out.writeObjectFieldStart("source");
    out.writeStringField("connector", "vitess");
    out.writeStringField("name", table.keyspace());
    out.writeNumberField("ts_ms", marks.commitSeconds(row) * 1000);
    out.writeStringField("snapshot", String.valueOf(marks.kind(row) == RowKind.COPY));
    out.writeStringField("db", table.keyspace());
    out.writeStringField("keyspace", table.keyspace());
    out.writeStringField("table", table.table());
    out.writeStringField("shard", shard);
    out.writeStringField("vgtid", vgtid(shard, marks.gtid(row)));
    out.writeStringField("order", ChangeOrder.of(block, row));
    out.writeEndObject();
  }

  /** A text that holds JSON, as Debezium has it. */
  private String vgtid(String shard, String gtid) {
    return write(
        out -> {
          out.writeStartArray();
          out.writeStartObject();
          out.writeStringField("keyspace", table.keyspace());
          out.writeStringField("shard", shard);
          out.writeStringField("gtid", gtid);
          out.writeArrayFieldStart("table_p_ks");
          out.writeEndArray();
          out.writeEndObject();
          out.writeEndArray();
        });
  }

  private static String operation(RowKind kind) {
    return switch (kind) {
      case COPY -> "r";
      case INSERT -> "c";
      case UPDATE -> "u";
      case DELETE -> "d";
      case TRUNCATE -> "t";
      case BEFORE -> throw new IllegalStateException("a row before a change is no change");
    };
  }
}
