package io.vitessbeam.write.adapt;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.vitessbeam.schema.ColumnType;
import io.vitessbeam.schema.MysqlType;
import io.vitessbeam.schema.WireNumbers;
import io.vitessbeam.write.load.UnfitValueException;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Arrays;
import java.util.Set;

/** Anything that is printed as text, in text, JSON, labels and bytes. */
final class TextConversions {

  private static final JsonFactory JSON = new JsonFactory();

  private TextConversions() {}

  /** Null if values of the type have no text. */
  static Conversion toText(ColumnType from, ColumnType to) {
    Conversion text = printed(from);
    return text == null ? null : chain(text, limit(to, to.base() == MysqlType.JSON));
  }

  /** Null if values of the type are neither bytes nor text. */
  static Conversion toBytes(ColumnType from, ColumnType to) {
    if (!isBytes(from) && !isText(from)) {
      return null;
    }
    long most = mostBytes(to);
    boolean fixed = to.base() == MysqlType.BINARY && to.length() > 0;
    return (value, offset, length) -> {
      if (length > most || (fixed && length != most)) {
        throw new UnfitValueException(
            "has %d bytes, %s has %d".formatted(length, TypeNames.print(to), most));
      }
      return null;
    };
  }

  /** Null if values of the type are no text. */
  static Conversion toLabels(ColumnType from, ColumnType to) {
    if (!isText(from)) {
      return null;
    }
    if (from.equals(to)) {
      return TextConversions::requireUnicode;
    }
    Set<String> labels = Set.copyOf(to.labels());
    boolean several = to.base() == MysqlType.SET;
    return (value, offset, length) -> {
      String text = new String(value, offset, length, UTF_8);
      boolean known =
          several
              ? text.isEmpty() || labels.containsAll(Arrays.asList(text.split(",", -1)))
              // The empty text is what MySQL has for a label that there is none of.
              : labels.contains(text) || (text.isEmpty() && from.base() == MysqlType.ENUM);
      if (!known) {
        throw new UnfitValueException("is no label of the " + to.base());
      }
      return null;
    };
  }

  /** The text of a value; for those that are text already a check that they are Unicode. */
  private static Conversion printed(ColumnType from) {
    return switch (from.base()) {
      case TINYINT,
          SMALLINT,
          MEDIUMINT,
          INT,
          BIGINT,
          YEAR,
          DECIMAL,
          DOUBLE,
          DATE,
          DATETIME,
          TIMESTAMP,
          TIME ->
          (bytes, offset, length) -> null;
      case FLOAT ->
          (bytes, offset, length) ->
              Float.toString((float) WireNumbers.parseDouble(bytes, offset, length))
                  .getBytes(UTF_8);
      case BIT ->
          (bytes, offset, length) ->
              new BigInteger(1, bytes, offset, length).toString().getBytes(UTF_8);
      case GEOMETRY, VECTOR -> null;
      default -> TextConversions::requireUnicode;
    };
  }

  private static byte[] requireUnicode(byte[] bytes, int offset, int length) {
    try {
      UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, offset, length));
      return null;
    } catch (CharacterCodingException e) {
      throw new UnfitValueException("is no text in UTF-8");
    }
  }

  private static Conversion limit(ColumnType to, boolean json) {
    if (json) {
      return TextConversions::requireJson;
    }
    boolean characters = to.base() == MysqlType.CHAR || to.base() == MysqlType.VARCHAR;
    long most = mostBytes(to);
    return (bytes, offset, length) -> {
      // A character has one byte at least.
      if (length > most && (!characters || characters(bytes, offset, length) > most)) {
        throw new UnfitValueException(
            "is longer than %d %s".formatted(most, characters ? "characters" : "bytes"));
      }
      return null;
    };
  }

  private static int characters(byte[] bytes, int offset, int length) {
    int characters = 0;
    for (int i = offset; i < offset + length; i++) {
      if ((bytes[i] & 0xc0) != 0x80) {
        characters++;
      }
    }
    return characters;
  }

  private static byte[] requireJson(byte[] bytes, int offset, int length) {
    try (JsonParser parser = JSON.createParser(bytes, offset, length)) {
      JsonToken first = parser.nextToken();
      if (first == null) {
        throw new UnfitValueException("is no JSON");
      }
      parser.skipChildren();
      if (parser.nextToken() != null) {
        throw new UnfitValueException("is more than one JSON document");
      }
      return null;
    } catch (IOException e) {
      throw new UnfitValueException("is no JSON");
    }
  }

  /** The second on what comes out of the first. */
  static Conversion chain(Conversion first, Conversion second) {
    return (bytes, offset, length) -> {
      byte[] value = first.convert(bytes, offset, length);
      if (value == null) {
        return second.convert(bytes, offset, length);
      }
      if (value == Conversion.NULL) {
        return value;
      }
      byte[] other = second.convert(value, 0, value.length);
      return other == null ? value : other;
    };
  }

  /** Without white space at both ends, of whatever alphabet. */
  static byte[] trim(byte[] bytes, int offset, int length) {
    String text = new String(bytes, offset, length, UTF_8);
    String trimmed = text.strip();
    return trimmed.length() == text.length() ? null : trimmed.getBytes(UTF_8);
  }

  /** Text that is neither a label nor a document. */
  static boolean isPlainText(ColumnType type) {
    return switch (type.base()) {
      case CHAR, VARCHAR, TINYTEXT, TEXT, MEDIUMTEXT, LONGTEXT -> true;
      default -> false;
    };
  }

  static boolean isText(ColumnType type) {
    return switch (type.base()) {
      case CHAR, VARCHAR, TINYTEXT, TEXT, MEDIUMTEXT, LONGTEXT, ENUM, SET, JSON -> true;
      default -> false;
    };
  }

  static boolean isBytes(ColumnType type) {
    return switch (type.base()) {
      case BINARY, VARBINARY, TINYBLOB, BLOB, MEDIUMBLOB, LONGBLOB, GEOMETRY, VECTOR -> true;
      default -> false;
    };
  }

  /** Bytes, or in CHAR and VARCHAR characters, that a type has room for. */
  static long mostBytes(ColumnType type) {
    return switch (type.base()) {
      // A query doesn't always say how long.
      case CHAR, VARCHAR, BINARY, VARBINARY ->
          type.length() == 0 ? Integer.MAX_VALUE : type.length();
      case TINYTEXT, TINYBLOB -> 0xff;
      case TEXT, BLOB -> 0xffff;
      case MEDIUMTEXT, MEDIUMBLOB -> 0xffffff;
      default -> Integer.MAX_VALUE;
    };
  }
}
