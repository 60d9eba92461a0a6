package io.vitessbeam.schema;

import io.vitessbeam.schema.BeamValue.Decoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.function.LongFunction;
import org.apache.beam.sdk.schemas.Schema.FieldType;
import org.apache.beam.sdk.schemas.logicaltypes.EnumerationType;
import org.apache.beam.sdk.schemas.logicaltypes.FixedPrecisionNumeric;
import org.apache.beam.sdk.schemas.logicaltypes.SqlTypes;

/** The Beam side of the type table: unsigned integers go to the next wider type that holds them. */
final class BeamBindings {

  private BeamBindings() {}

  static BeamValue tinyInt(ColumnType type) {
    return type.unsigned()
        ? new BeamValue(FieldType.INT16, BeamBindings::decodeShort)
        : new BeamValue(FieldType.BYTE, BeamBindings::decodeByte);
  }

  static BeamValue smallInt(ColumnType type) {
    return type.unsigned()
        ? new BeamValue(FieldType.INT32, BeamBindings::decodeInt)
        : new BeamValue(FieldType.INT16, BeamBindings::decodeShort);
  }

  static BeamValue mediumInt(ColumnType type) {
    return new BeamValue(FieldType.INT32, BeamBindings::decodeInt);
  }

  static BeamValue integer(ColumnType type) {
    return type.unsigned()
        ? new BeamValue(FieldType.INT64, WireNumbers::parseLong)
        : new BeamValue(FieldType.INT32, BeamBindings::decodeInt);
  }

  static BeamValue bigInt(ColumnType type) {
    return type.unsigned()
        ? decimal(ColumnType.decimal(20, 0))
        : new BeamValue(FieldType.INT64, WireNumbers::parseLong);
  }

  static BeamValue decimal(ColumnType type) {
    FixedPrecisionNumeric numeric =
        FixedPrecisionNumeric.of(Math.toIntExact(type.length()), type.scale());
    int scale = type.scale();
    return new BeamValue(
        FieldType.logicalType(numeric),
        (b, o, n) -> WireNumbers.parseDecimal(b, o, n).setScale(scale));
  }

  static BeamValue singleFloat(ColumnType type) {
    return new BeamValue(FieldType.FLOAT, WireNumbers::parseFloat);
  }

  static BeamValue doubleFloat(ColumnType type) {
    return new BeamValue(FieldType.DOUBLE, WireNumbers::parseDouble);
  }

  static BeamValue date(ColumnType type) {
    return new BeamValue(
        FieldType.logicalType(SqlTypes.DATE),
        calendar(type, WireTemporals::parseEpochDay, LocalDate::ofEpochDay));
  }

  static BeamValue dateTime(ColumnType type) {
    return new BeamValue(
        FieldType.logicalType(SqlTypes.DATETIME),
        calendar(
            type,
            WireTemporals::parseEpochMicros,
            micros -> LocalDateTime.ofInstant(instant(micros), ZoneOffset.UTC)));
  }

  /** Sessions run in UTC, so the printed time of a TIMESTAMP is its instant. */
  static BeamValue timestamp(ColumnType type) {
    return new BeamValue(
        FieldType.logicalType(SqlTypes.TIMESTAMP),
        calendar(type, WireTemporals::parseEpochMicros, BeamBindings::instant));
  }

  static BeamValue time(ColumnType type) {
    return new BeamValue(
        FieldType.logicalType(MysqlTime.INSTANCE),
        (b, o, n) -> Duration.of(WireTemporals.parseTimeMicros(b, o, n), ChronoUnit.MICROS));
  }

  static BeamValue year(ColumnType type) {
    return new BeamValue(FieldType.INT16, BeamBindings::decodeShort);
  }

  static BeamValue text(ColumnType type) {
    return new BeamValue(FieldType.STRING, BeamBindings::decodeText);
  }

  static BeamValue json(ColumnType type) {
    return new BeamValue(FieldType.logicalType(JsonText.INSTANCE), BeamBindings::decodeText);
  }

  static BeamValue bytes(ColumnType type) {
    return new BeamValue(FieldType.BYTES, (b, o, n) -> Arrays.copyOfRange(b, o, o + n));
  }

  /**
   * Position i of the enumeration is MySQL's index i: the label at 0 is the empty string that MySQL
   * gives for an invalid value. Labels that an enumeration can't tell apart are left as text, and
   * so are labels with a question mark, as which information_schema prints an emoji.
   */
  static BeamValue enumeration(ColumnType type) {
    List<String> labels = new ArrayList<>();
    labels.add("");
    labels.addAll(type.labels());
    boolean distinct = new HashSet<>(labels).size() == labels.size();
    if (type.labels().isEmpty() || !distinct || labels.toString().contains("?")) {
      return text(type);
    }
    EnumerationType enumeration = EnumerationType.create(labels);
    return new BeamValue(
        FieldType.logicalType(enumeration),
        (b, o, n) -> enumeration.valueOf((String) decodeText(b, o, n)));
  }

  private static Decoder calendar(
      ColumnType type, Parser parser, LongFunction<? extends Object> value) {
    boolean zeroAsNull = type.zeroAsNull();
    return (bytes, offset, length) -> {
      long parsed = parser.parse(bytes, offset, length);
      if (parsed != WireTemporals.NOT_A_DATE) {
        return value.apply(parsed);
      }
      if (zeroAsNull) {
        return null;
      }
      throw new DateTimeException("'" + decodeText(bytes, offset, length) + "' is not a date");
    };
  }

  @FunctionalInterface
  private interface Parser {
    long parse(byte[] bytes, int offset, int length);
  }

  private static Object decodeByte(byte[] bytes, int offset, int length) {
    return (byte) WireNumbers.parseBetween(Byte.MIN_VALUE, Byte.MAX_VALUE, bytes, offset, length);
  }

  private static Object decodeShort(byte[] bytes, int offset, int length) {
    return (short)
        WireNumbers.parseBetween(Short.MIN_VALUE, Short.MAX_VALUE, bytes, offset, length);
  }

  private static Object decodeInt(byte[] bytes, int offset, int length) {
    return (int)
        WireNumbers.parseBetween(Integer.MIN_VALUE, Integer.MAX_VALUE, bytes, offset, length);
  }

  private static Object decodeText(byte[] bytes, int offset, int length) {
    return new String(bytes, offset, length, StandardCharsets.UTF_8);
  }

  private static Instant instant(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }
}
