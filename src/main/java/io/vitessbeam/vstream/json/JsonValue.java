package io.vitessbeam.vstream.json;

import com.fasterxml.jackson.core.JsonGenerator;
import io.vitessbeam.schema.ColumnType;
import io.vitessbeam.schema.WireNumbers;
import io.vitessbeam.schema.WireTemporals;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

/** Writes a column's values as JSON, in the forms that the package says. Stateless. */
@FunctionalInterface
interface JsonValue {

  /** What Debezium writes for a value that a change came without. */
  String UNAVAILABLE = "__debezium_unavailable_value";

  /**
   * Writes a value.
   *
   * @throws DateTimeException for one that is no calendar date
   */
  void write(JsonGenerator out, byte[] bytes, int offset, int length) throws IOException;

  static JsonValue of(ColumnType type) {
    return switch (type.base()) {
      case TINYINT, SMALLINT, MEDIUMINT, INT, YEAR ->
          (out, b, o, n) -> out.writeNumber(WireNumbers.parseLong(b, o, n));
      case BIGINT ->
          type.unsigned()
              ? (out, b, o, n) -> out.writeString(new BigInteger(text(b, o, n)).toString())
              : (out, b, o, n) -> out.writeNumber(WireNumbers.parseLong(b, o, n));
      case DECIMAL ->
          (out, b, o, n) -> out.writeString(WireNumbers.parseDecimal(b, o, n).toPlainString());
      case FLOAT -> (out, b, o, n) -> out.writeNumber(WireNumbers.parseFloat(b, o, n));
      case DOUBLE -> (out, b, o, n) -> out.writeNumber(WireNumbers.parseDouble(b, o, n));
      case DATE -> calendar(type, WireTemporals::parseEpochDay, JsonGenerator::writeNumber);
      case DATETIME ->
          calendar(
              type,
              WireTemporals::parseEpochMicros,
              type.scale() > 3
                  ? JsonGenerator::writeNumber
                  : (out, micros) -> out.writeNumber(Math.floorDiv(micros, 1000L)));
      case TIMESTAMP -> {
        DateTimeFormatter format = timestamp(type.scale());
        yield calendar(
            type,
            WireTemporals::parseEpochMicros,
            (out, micros) ->
                out.writeString(format.format(Instant.EPOCH.plus(micros, ChronoUnit.MICROS))));
      }
      case TIME -> (out, b, o, n) -> out.writeNumber(WireTemporals.parseTimeMicros(b, o, n));
      case BIT ->
          type.length() <= 1
              ? (out, b, o, n) -> out.writeBoolean(WireNumbers.parseBits(b, o, n) != 0)
              : (out, b, o, n) -> out.writeString(base64(reversed(b, o, n)));
      case BINARY, VARBINARY, TINYBLOB, BLOB, MEDIUMBLOB, LONGBLOB ->
          (out, b, o, n) -> out.writeString(base64(Arrays.copyOfRange(b, o, o + n)));
      case GEOMETRY -> JsonValue::geometry;
      case VECTOR -> JsonValue::vector;
      case CHAR, VARCHAR, TINYTEXT, TEXT, MEDIUMTEXT, LONGTEXT, ENUM, SET, JSON ->
          (out, b, o, n) -> out.writeString(text(b, o, n));
    };
  }

  /** What stands for a value that a change came without; empty where nothing can. */
  static Optional<String> unavailable(ColumnType type) {
    return switch (type.base()) {
      case TINYTEXT, TEXT, MEDIUMTEXT, LONGTEXT, JSON -> Optional.of(UNAVAILABLE);
      case TINYBLOB, BLOB, MEDIUMBLOB, LONGBLOB ->
          Optional.of(base64(UNAVAILABLE.getBytes(StandardCharsets.UTF_8)));
      default -> Optional.empty();
    };
  }

  /** Reads days or microseconds. */
  interface Parser {
    long parse(byte[] bytes, int offset, int length);
  }

  /** Writes them. */
  interface LongWriter {
    void write(JsonGenerator out, long value) throws IOException;
  }

  private static JsonValue calendar(ColumnType type, Parser parser, LongWriter writer) {
    boolean zeroAsNull = type.zeroAsNull();
    return (out, bytes, offset, length) -> {
      long value = parser.parse(bytes, offset, length);
      if (value != WireTemporals.NOT_A_DATE) {
        writer.write(out, value);
      } else if (zeroAsNull) {
        out.writeNull();
      } else {
        throw new DateTimeException("'" + text(bytes, offset, length) + "' is not a date");
      }
    };
  }

  private static DateTimeFormatter timestamp(int digits) {
    String fraction = digits == 0 ? "" : "." + "S".repeat(digits);
    return DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss" + fraction + "'Z'")
        .withZone(ZoneOffset.UTC);
  }

  /** MySQL's form: four bytes of SRID, little-endian, then WKB. */
  private static void geometry(JsonGenerator out, byte[] bytes, int offset, int length)
      throws IOException {
    out.writeStartObject();
    out.writeStringField("wkb", base64(Arrays.copyOfRange(bytes, offset + 4, offset + length)));
    out.writeNumberField("srid", littleEndian(bytes, offset, length).getInt());
    out.writeEndObject();
  }

  private static void vector(JsonGenerator out, byte[] bytes, int offset, int length)
      throws IOException {
    ByteBuffer floats = littleEndian(bytes, offset, length);
    out.writeStartArray();
    while (floats.remaining() >= Float.BYTES) {
      out.writeNumber(floats.getFloat());
    }
    out.writeEndArray();
  }

  private static ByteBuffer littleEndian(byte[] bytes, int offset, int length) {
    return ByteBuffer.wrap(bytes, offset, length).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static byte[] reversed(byte[] bytes, int offset, int length) {
    byte[] reversed = new byte[length];
    for (int i = 0; i < length; i++) {
      reversed[i] = bytes[offset + length - 1 - i];
    }
    return reversed;
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  private static String text(byte[] bytes, int offset, int length) {
    return new String(bytes, offset, length, StandardCharsets.UTF_8);
  }
}
