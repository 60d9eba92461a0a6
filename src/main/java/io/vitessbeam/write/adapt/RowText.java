package io.vitessbeam.write.adapt;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vitessbeam.DataException;
import io.vitessbeam.FailedRow;
import io.vitessbeam.block.BlockReader;
import io.vitessbeam.schema.TableSchema;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What messages say of the row at which a reader is.
 *
 * @param hidden indices of columns whose values nobody is to see
 */
public record RowText(TableSchema source, Set<Integer> hidden) {

  private static final int SHOWN_BYTES = 80;
  private static final String HIDDEN = "(masked)";

  public RowText {
    hidden = Set.copyOf(hidden);
  }

  public RowText(TableSchema source) {
    this(source, Set.of());
  }

  /**
   * A value that its column in the destination can't hold.
   *
   * @param reason a clause that says why, without the value
   */
  public DataException misfit(BlockReader reader, int index, String reason) {
    return new DataException(
        "Column %s of %s, row %s: %s"
            .formatted(
                source.columns().get(index).name(),
                source.qualifiedName(),
                key(reader),
                why(reader, index, reason)));
  }

  FailedRow failed(BlockReader reader, int index, String reason) {
    Map<String, String> values = new LinkedHashMap<>();
    for (int i = 0; i < source.columns().size(); i++) {
      values.put(
          source.columns().get(i).name(), hidden.contains(i) ? HIDDEN : whole(reader.value(i)));
    }
    return new FailedRow(
        source.qualifiedName(),
        key(reader),
        source.columns().get(index).name(),
        why(reader, index, reason),
        values);
  }

  private static String whole(byte[] value) {
    if (value == null) {
      return null;
    }
    try {
      return UTF_8.newDecoder().decode(ByteBuffer.wrap(value)).toString();
    } catch (CharacterCodingException e) {
      return "0x" + HexFormat.of().formatHex(value);
    }
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

  private String text(BlockReader reader, int index) {
    if (reader.isNull(index)) {
      return "NULL";
    }
    if (hidden.contains(index)) {
      return HIDDEN;
    }
    int length = reader.length(index);
    String shown =
        new String(reader.bytes(), reader.offset(index), Math.min(length, SHOWN_BYTES), UTF_8);
    return length > SHOWN_BYTES ? shown + "…" : shown;
  }
}
