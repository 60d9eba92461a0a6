package io.vitessbeam.schema;

import io.vitessbeam.ConfigurationException;
import io.vitessbeam.DataException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.apache.beam.sdk.schemas.Schema.Field;
import org.apache.beam.sdk.schemas.Schema.FieldType;
import org.apache.beam.sdk.schemas.Schema.LogicalType;
import org.apache.beam.sdk.schemas.logicaltypes.EnumerationType;
import org.apache.beam.sdk.schemas.logicaltypes.FixedBytes;
import org.apache.beam.sdk.schemas.logicaltypes.FixedPrecisionNumeric;
import org.apache.beam.sdk.schemas.logicaltypes.FixedString;
import org.apache.beam.sdk.schemas.logicaltypes.MicrosInstant;
import org.apache.beam.sdk.schemas.logicaltypes.SqlTypes;
import org.apache.beam.sdk.schemas.logicaltypes.UuidLogicalType;
import org.apache.beam.sdk.schemas.logicaltypes.VariableBytes;
import org.apache.beam.sdk.schemas.logicaltypes.VariableString;
import org.apache.beam.sdk.values.Row;

/**
 * The column of a field of a Beam Row, and how a value of it is written as MySQL prints it: the
 * other way round than {@link MysqlType#beam}.
 */
public record BeamColumn(Column column, Encoder encoder) {

  /** Writes values that are not null, as a Row holds them. */
  @FunctionalInterface
  public interface Encoder {

    /**
     * The bytes of a value.
     *
     * @throws DataException if the column's type can't hold it
     */
    byte[] encode(Object value);
  }

  private static final int MAX_DIGITS = 65;
  private static final int MAX_SCALE = 30;
  private static final DateTimeFormatter DATE_TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSS");
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss.SSSSSS");

  /**
   * The column of a field.
   *
   * @throws ConfigurationException if there is none for its type: arrays, maps and rows
   */
  public static BeamColumn of(Field field) {
    FieldType type = field.getType();
    BeamColumn found =
        switch (type.getTypeName()) {
          case BYTE -> column(field, ColumnType.of(MysqlType.TINYINT), BeamColumn::plain);
          case INT16 -> column(field, ColumnType.of(MysqlType.SMALLINT), BeamColumn::plain);
          case INT32 -> column(field, ColumnType.of(MysqlType.INT), BeamColumn::plain);
          case INT64 -> column(field, ColumnType.of(MysqlType.BIGINT), BeamColumn::plain);
          case FLOAT -> column(field, ColumnType.of(MysqlType.FLOAT), BeamColumn::finite);
          case DOUBLE -> column(field, ColumnType.of(MysqlType.DOUBLE), BeamColumn::finite);
          case BOOLEAN ->
              column(field, ColumnType.truth(), value -> ascii((boolean) value ? "1" : "0"));
          case DECIMAL -> decimal(field, MAX_DIGITS, MAX_SCALE);
          case STRING -> column(field, ColumnType.of(MysqlType.LONGTEXT), BeamColumn::text);
          case BYTES -> column(field, ColumnType.of(MysqlType.LONGBLOB), value -> (byte[]) value);
          case DATETIME ->
              column(
                  field,
                  ColumnType.temporal(MysqlType.TIMESTAMP, 3),
                  value ->
                      instant(Instant.ofEpochMilli(((org.joda.time.Instant) value).getMillis())));
          case LOGICAL_TYPE -> logical(field, type.getLogicalType());
          default -> null;
        };
    if (found == null) {
      throw new ConfigurationException(
          "Field %s has the type %s, for which there is no column; turn it into text before"
                  .formatted(
                      field.getName(),
                      type.getTypeName().isLogicalType()
                          ? type.getLogicalType().getIdentifier()
                          : type.getTypeName())
              + " it is written");
    }
    return found;
  }

  private static BeamColumn logical(Field field, LogicalType<?, ?> type) {
    if (type instanceof FixedPrecisionNumeric numeric) {
      return fixedPrecision(field, numeric);
    }
    if (type instanceof MysqlTime) {
      return column(
          field,
          ColumnType.temporal(MysqlType.TIME, 6),
          value -> elapsed(MysqlTime.INSTANCE.toBaseType((Duration) value)));
    }
    if (type instanceof JsonText) {
      return column(field, ColumnType.of(MysqlType.JSON), BeamColumn::text);
    }
    if (type instanceof EnumerationType labels) {
      return column(
          field,
          ColumnType.of(MysqlType.LONGTEXT),
          value -> text(labels.toString((EnumerationType.Value) value)));
    }
    if (type instanceof VariableString || type instanceof FixedString) {
      return column(field, ColumnType.of(MysqlType.LONGTEXT), BeamColumn::text);
    }
    if (type instanceof VariableBytes || type instanceof FixedBytes) {
      return column(field, ColumnType.of(MysqlType.LONGBLOB), value -> (byte[]) value);
    }
    if (type instanceof UuidLogicalType) {
      return column(field, ColumnType.of(MysqlType.CHAR, 36), value -> ascii(value.toString()));
    }
    return temporal(field, type);
  }

  private static BeamColumn temporal(Field field, LogicalType<?, ?> type) {
    String identifier = type.getIdentifier();
    if (identifier.equals(SqlTypes.DATE.getIdentifier())) {
      return column(
          field,
          ColumnType.of(MysqlType.DATE),
          value -> inCalendar(((LocalDate) value).getYear(), value, value.toString()));
    }
    if (identifier.equals(SqlTypes.TIME.getIdentifier())) {
      return column(
          field,
          ColumnType.temporal(MysqlType.TIME, 6),
          value -> ascii(TIME.format(micros((LocalTime) value))));
    }
    if (identifier.equals(SqlTypes.DATETIME.getIdentifier())) {
      return column(
          field,
          ColumnType.temporal(MysqlType.DATETIME, 6),
          value -> dateTime((LocalDateTime) value));
    }
    if (identifier.equals(SqlTypes.TIMESTAMP.getIdentifier())
        || identifier.equals(MicrosInstant.IDENTIFIER)) {
      return column(
          field, ColumnType.temporal(MysqlType.TIMESTAMP, 6), value -> instant((Instant) value));
    }
    return null;
  }

  private static BeamColumn fixedPrecision(Field field, FixedPrecisionNumeric type) {
    Row argument = type.getArgument();
    int precision = argument.getInt32("precision");
    int scale = argument.getInt32("scale");
    return precision <= MAX_DIGITS && scale <= MAX_SCALE && scale >= 0 && precision > 0
        ? decimal(field, precision, scale)
        : decimal(field, MAX_DIGITS, MAX_SCALE);
  }

  private static BeamColumn decimal(Field field, int precision, int scale) {
    return column(
        field,
        ColumnType.decimal(precision, scale),
        value -> {
          BigDecimal number = ((BigDecimal) value).stripTrailingZeros();
          if (number.scale() > scale || number.precision() - number.scale() > precision - scale) {
            throw new DataException(
                "'%s' does not fit into DECIMAL(%d,%d)".formatted(value, precision, scale));
          }
          return ascii(number.toPlainString());
        });
  }

  private static BeamColumn column(Field field, ColumnType type, Encoder encoder) {
    return new BeamColumn(
        new Column(field.getName(), type, field.getType().getNullable()), encoder);
  }

  private static byte[] plain(Object value) {
    return ascii(value.toString());
  }

  private static byte[] finite(Object value) {
    if (!Double.isFinite(((Number) value).doubleValue())) {
      throw new DataException(value + " is no number that a column can hold");
    }
    return ascii(value.toString());
  }

  private static byte[] text(Object value) {
    try {
      ByteBuffer encoded =
          StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap((String) value));
      byte[] bytes = new byte[encoded.remaining()];
      encoded.get(bytes);
      return bytes;
    } catch (CharacterCodingException e) {
      throw new DataException("A text holds half of a surrogate pair, which is no character", e);
    }
  }

  private static byte[] instant(Instant value) {
    return dateTime(LocalDateTime.ofInstant(value, ZoneOffset.UTC));
  }

  private static byte[] dateTime(LocalDateTime value) {
    micros(value.toLocalTime());
    return inCalendar(value.getYear(), value, DATE_TIME.format(value));
  }

  private static byte[] inCalendar(int year, Object value, String printed) {
    if (year < 0 || year > 9999) {
      throw new DataException(value + " is not between the years 0 and 9999");
    }
    return ascii(printed);
  }

  private static LocalTime micros(LocalTime value) {
    if (value.toNanoOfDay() % 1000 != 0) {
      throw new DataException(value + " has nanoseconds, which would be cut off");
    }
    return value;
  }

  private static byte[] elapsed(long micros) {
    long all = Math.abs(micros);
    return ascii(
        "%s%02d:%02d:%02d.%06d"
            .formatted(
                micros < 0 ? "-" : "",
                all / 3_600_000_000L,
                all / 60_000_000 % 60,
                all / 1_000_000 % 60,
                all % 1_000_000));
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
