package io.vitessbeam.schema;

import io.vitess.proto.Query;
import io.vitessbeam.DataException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Brings the values of one column of a VStream into the form in which the OLAP workload sends them,
 * which the type table's decoders read. Made once per field event and column; for any thread.
 */
public final class StreamColumn {

  private static final StreamColumn IDENTITY = new StreamColumn(Arrays::copyOfRange, "");

  /** Makes a value from the bytes between two indexes. */
  @FunctionalInterface
  private interface Conversion {
    byte[] apply(byte[] bytes, int from, int to) throws CharacterCodingException;
  }

  private final Conversion conversion;
  private final String name;

  private StreamColumn(Conversion conversion, String name) {
    this.conversion = conversion;
    this.name = name;
  }

  /**
   * The conversion for the values of one column.
   *
   * @param column as it was discovered
   * @param field as the stream announced it
   * @param labelsAsText {@code enum_set_string_values} of the field event
   * @param copy whether the rows come from VStream's copy phase
   * @throws DataException if the column has a character set that can't be read
   */
  public static StreamColumn of(
      Column column, Query.Field field, boolean labelsAsText, boolean copy, Collations collations) {
    String name =
        field.getTable().isEmpty() ? column.name() : field.getTable() + "." + column.name();
    boolean labelled = field.getType() == Query.Type.ENUM || field.getType() == Query.Type.SET;
    if (field.getType() == Query.Type.JSON) {
      return copy
          ? IDENTITY
          : new StreamColumn((b, from, to) -> StreamJson.repair(b, from, to - from), name);
    }
    if (labelled && !copy) {
      return labelsAsText
          ? IDENTITY
          : new StreamColumn(ordinals(field, TypeText.labels(field.getColumnType())), name);
    }
    if (field.getCharset() == Collations.BINARY || field.getCharset() == 0) {
      return IDENTITY;
    }
    String characterSet = collations.characterSet(field.getCharset());
    if (CharacterSets.isUtf8(characterSet)) {
      return IDENTITY;
    }
    CharacterSets.Decoder decoder = CharacterSets.named(characterSet);
    return new StreamColumn(
        (b, from, to) -> decoder.decode(b, from, to - from).getBytes(StandardCharsets.UTF_8), name);
  }

  private static Conversion ordinals(Query.Field field, List<String> labels) {
    LabelOrdinals ordinals = new LabelOrdinals(labels);
    return field.getType() == Query.Type.ENUM
        ? (b, from, to) -> ordinals.ofEnum(b, from, to - from)
        : (b, from, to) -> ordinals.ofSet(b, from, to - from);
  }

  /** Whether all values are kept as they are; {@link #convert} needn't be called then. */
  public boolean isIdentity() {
    return this == IDENTITY;
  }

  /**
   * A value, which is not NULL, in an array of its own.
   *
   * @throws DataException naming the column if the bytes are no value of it
   */
  public byte[] convert(byte[] bytes, int offset, int length) {
    try {
      return conversion.apply(bytes, offset, offset + length);
    } catch (CharacterCodingException | NumberFormatException e) {
      throw new DataException("A value of column " + name + " can't be read: " + e.getMessage(), e);
    }
  }

  /** Why VStream's copy phase can't give the column's values exactly, as a sentence. */
  public static Optional<String> whyNotCopiedByVStream(Column column) {
    return column.type().base() == MysqlType.FLOAT
        ? Optional.of(
            "Column "
                + column.name()
                + " is a FLOAT, of which VStream copies six digits only; let it be copied by"
                + " queries, or exclude the column")
        : Optional.empty();
  }
}
