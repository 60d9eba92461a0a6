package io.vitessbeam.write.adapt;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vitessbeam.DataException;
import io.vitessbeam.block.BlockReader;
import io.vitessbeam.schema.TableSchema;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What messages say of the row at which a reader is. */
record RowText(TableSchema source) {

  private static final int SHOWN_BYTES = 80;

  DataException misfit(BlockReader reader, int index, String reason) {
    return new DataException(
        "Column %s of %s, row %s: %s"
            .formatted(
                source.columns().get(index).name(),
                source.qualifiedName(),
                key(reader),
                why(reader, index, reason)));
  }

  /** A value and what is wrong with it. */
  String why(BlockReader reader, int index, String reason) {
    return (reader.isNull(index) ? "NULL" : "'" + text(reader, index) + "'") + " " + reason;
  }

  /** The values of the source's key; of all columns if it has none. */
  String key(BlockReader reader) {
    return IntStream.range(0, source.columns().size())
        .filter(
            i ->
                source.primaryKey().isEmpty()
                    || source.primaryKey().contains(source.columns().get(i).name()))
        .mapToObj(i -> source.columns().get(i).name() + "=" + text(reader, i))
        .collect(Collectors.joining(" "));
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
