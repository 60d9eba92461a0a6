package io.vitessbeam.schema.stream;

import io.vitess.proto.Query;
import io.vitessbeam.DataException;
import io.vitessbeam.schema.CharacterSets;
import io.vitessbeam.schema.Column;
import io.vitessbeam.schema.MysqlType;
import io.vitessbeam.schema.TypeText;
import io.vitessbeam.schema.WireNumbers;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Brings the values of one column of a VStream into the form in which the OLAP workload sends them,
 * which the type table's decoders read. Made once per field event and column; for any thread.
 */
public final class StreamColumn {

  private static final int MOST_BYTES_SHOWN = 40;

  /** That a SET can have. */
  private static final int MOST_MEMBERS = 64;

  private static final StreamColumn IDENTITY = new StreamColumn("", Arrays::copyOfRange);

  /** Makes a value from the bytes between two indexes. */
  @FunctionalInterface
  private interface Conversion {
    byte[] apply(byte[] bytes, int from, int to) throws CharacterCodingException;
  }

  private final String name;
  private final Conversion conversion;

  private StreamColumn(String name, Conversion conversion) {
    this.name = name;
    this.conversion = conversion;
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
    if (field.getType() == Query.Type.JSON) {
      return copy
          ? IDENTITY
          : new StreamColumn(name, (b, from, to) -> StreamJson.repair(b, from, to - from));
    }
    if (field.getType() == Query.Type.DECIMAL) {
      return copy ? IDENTITY : new StreamColumn(name, WireNumbers::canonicalDecimal);
    }
    String characterSet = collations.characterSet(field);
    return switch (kind(field)) {
      case ENUM -> ofLabels(name, labels(column, field), false, characterSet, labelsAsText, copy);
      case SET -> ofLabels(name, labels(column, field), true, characterSet, labelsAsText, copy);
      default -> ofText(name, characterSet);
    };
  }

  /** With a collation that compares bytes, an ENUM has the type of bytes. */
  private static Query.Type kind(Query.Field field) {
    String type = field.getColumnType().toLowerCase(Locale.ROOT);
    return type.startsWith("enum(")
        ? Query.Type.ENUM
        : type.startsWith("set(") ? Query.Type.SET : field.getType();
  }

  private static StreamColumn ofText(String name, String characterSet) {
    if (CharacterSets.isUtf8(characterSet)) {
      return IDENTITY;
    }
    CharacterSets.Decoder decoder = CharacterSets.named(characterSet);
    return new StreamColumn(
        name, (b, from, to) -> decoder.decode(b, from, to - from).getBytes(StandardCharsets.UTF_8));
  }

  private static StreamColumn ofLabels(
      String name,
      List<String> labels,
      boolean set,
      String characterSet,
      boolean asText,
      boolean copy) {
    Conversion conversion = ofLabels(labels, set, characterSet, asText || copy, copy);
    if (!copy && mayBeMisprinted(labels, characterSet)) {
      return new StreamColumn(
          name, (b, from, to) -> withoutQuestionMark(conversion.apply(b, from, to)));
    }
    return conversion == IDENTITY.conversion ? IDENTITY : new StreamColumn(name, conversion);
  }

  private static Conversion ofLabels(
      List<String> labels, boolean set, String characterSet, boolean asText, boolean copy) {
    if (!asText) {
      LabelOrdinals ordinals = new LabelOrdinals(labels);
      return set
          ? (b, from, to) -> ordinals.ofSet(b, from, to - from)
          : (b, from, to) -> ordinals.ofEnum(b, from, to - from);
    }
    if (CharacterSets.isUtf8(characterSet)) {
      return IDENTITY.conversion;
    }
    LabelText text = new LabelText(labels, set, CharacterSets.named(characterSet), copy);
    return (b, from, to) -> text.of(b, from, to - from);
  }

  private static List<String> labels(Column column, Query.Field field) {
    List<String> labels = TypeText.labels(field.getColumnType());
    return labels.isEmpty() ? column.type().labels() : labels;
  }

  /**
   * The stream has only the numbers of labels, which Vitess looks up in information_schema. That
   * prints a question mark for a character that takes four bytes in UTF-8.
   */
  private static boolean mayBeMisprinted(List<String> labels, String characterSet) {
    return CharacterSets.isBeyondUtf8mb3(characterSet)
        && labels.stream().anyMatch(label -> label.contains("?"));
  }

  private static byte[] withoutQuestionMark(byte[] value) {
    for (byte b : value) {
      if (b == '?') {
        throw new IllegalArgumentException(
            "MySQL does not tell whether the question mark of label '"
                + new String(value, StandardCharsets.UTF_8)
                + "' is one, or a character that it can't print in a definition; exclude the"
                + " column");
      }
    }
    return value;
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
    } catch (CharacterCodingException e) {
      throw unreadable("it is no text in the column's character set", bytes, offset, length, e);
    } catch (IllegalArgumentException e) {
      throw unreadable(e.getMessage(), bytes, offset, length, e);
    }
  }

  private DataException unreadable(
      String why, byte[] bytes, int offset, int length, Exception cause) {
    int end = offset + Math.min(length, MOST_BYTES_SHOWN);
    String shown = HexFormat.of().withUpperCase().formatHex(bytes, offset, end);
    String more = length > MOST_BYTES_SHOWN ? "…" : "";
    return new DataException(
        "The value X'" + shown + more + "' of column " + name + " can't be read: " + why, cause);
  }

  /** Why the changes of a column don't come as they are, as a sentence. */
  public static Optional<String> whyNotFollowed(Column column) {
    return column.type().base() == MysqlType.SET && column.type().labels().size() == MOST_MEMBERS
        ? Optional.of(
            "Column "
                + column.name()
                + " is a SET of 64 members, and Vitess sends changes without the last one; exclude"
                + " the column (--sql-exclude-columns)")
        : Optional.empty();
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
