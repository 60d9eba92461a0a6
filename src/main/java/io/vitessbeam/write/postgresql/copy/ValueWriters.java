package io.vitessbeam.write.postgresql.copy;

import io.vitessbeam.schema.ColumnType;
import io.vitessbeam.schema.WireNumbers;
import io.vitessbeam.schema.WireTemporals;
import io.vitessbeam.write.load.UnfitValueException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;

/** Binds each MySQL type to the writer of what the type table makes of it in PostgreSQL. */
final class ValueWriters {

  /** PostgreSQL counts from 2000-01-01. */
  private static final int EPOCH_DAYS = 10_957;

  private static final long EPOCH_MICROS = EPOCH_DAYS * 86_400_000_000L;

  private static final int MICROSECOND_DIGITS = 6;
  private static final int MOST_LONG_BITS = 63;

  private ValueWriters() {}

  static ValueWriter of(ColumnType type) {
    return switch (type.base()) {
      case TINYINT -> type.isTruth() ? ValueWriters::writeTruth : ValueWriters::writeShort;
      case YEAR -> ValueWriters::writeShort;
      case SMALLINT -> type.unsigned() ? ValueWriters::writeInt : ValueWriters::writeShort;
      case MEDIUMINT -> ValueWriters::writeInt;
      case INT -> type.unsigned() ? ValueWriters::writeLong : ValueWriters::writeInt;
      case BIGINT -> type.unsigned() ? new NumericWriter(0) : ValueWriters::writeLong;
      case BIT -> type.length() > MOST_LONG_BITS ? bits() : ValueWriters::writeBits;
      case DECIMAL -> new NumericWriter(type.scale());
      case FLOAT -> ValueWriters::writeFloat;
      case DOUBLE -> ValueWriters::writeDouble;
      case DATE -> date(type);
      case DATETIME, TIMESTAMP -> moment(type);
      case TIME -> ValueWriters::writeElapsed;
      case CHAR, VARCHAR -> type.length() == 0 ? ValueWriters::writeBytes : text(type.length());
      case TINYTEXT, TEXT, MEDIUMTEXT, LONGTEXT, ENUM, SET, JSON -> ValueWriters::writeBytes;
      case BINARY, VARBINARY, TINYBLOB, BLOB, MEDIUMBLOB, LONGBLOB, GEOMETRY, VECTOR ->
          ValueWriters::writeBytes;
    };
  }

  private static void writeShort(CopyStream out, byte[] bytes, int offset, int length)
      throws SQLException {
    int value = (int) between(Short.MIN_VALUE, Short.MAX_VALUE, bytes, offset, length);
    out.putInt(Short.BYTES);
    out.putShort(value);
  }

  private static void writeTruth(CopyStream out, byte[] bytes, int offset, int length)
      throws SQLException {
    long value = between(0, 1, bytes, offset, length);
    out.putInt(Byte.BYTES);
    out.putByte((int) value);
  }

  private static void writeInt(CopyStream out, byte[] bytes, int offset, int length)
      throws SQLException {
    int value = (int) between(Integer.MIN_VALUE, Integer.MAX_VALUE, bytes, offset, length);
    out.putInt(Integer.BYTES);
    out.putInt(value);
  }

  private static long between(long least, long most, byte[] bytes, int offset, int length) {
    long value = WireNumbers.parseLong(bytes, offset, length);
    if (value < least || value > most) {
      throw new UnfitValueException("is not between " + least + " and " + most);
    }
    return value;
  }

  private static void writeLong(CopyStream out, byte[] bytes, int offset, int length)
      throws SQLException {
    long value = WireNumbers.parseLong(bytes, offset, length);
    out.putInt(Long.BYTES);
    out.putLong(value);
  }

  private static void writeBits(CopyStream out, byte[] bytes, int offset, int length)
      throws SQLException {
    long value = WireNumbers.parseBits(bytes, offset, length);
    if (value < 0) {
      throw new UnfitValueException("has more than 63 bits");
    }
    out.putInt(Long.BYTES);
    out.putLong(value);
  }

  /** Of 64 bits, which only a numeric holds; allocates. */
  private static ValueWriter bits() {
    NumericWriter numeric = new NumericWriter(0);
    return (out, bytes, offset, length) -> {
      byte[] digits =
          Long.toUnsignedString(WireNumbers.parseBits(bytes, offset, length))
              .getBytes(StandardCharsets.ISO_8859_1);
      numeric.write(out, digits, 0, digits.length);
    };
  }

  private static void writeFloat(CopyStream out, byte[] bytes, int offset, int length)
      throws SQLException {
    float value = WireNumbers.parseFloat(bytes, offset, length);
    out.putInt(Float.BYTES);
    out.putInt(Float.floatToRawIntBits(value));
  }

  private static void writeDouble(CopyStream out, byte[] bytes, int offset, int length)
      throws SQLException {
    double value = WireNumbers.parseDouble(bytes, offset, length);
    out.putInt(Double.BYTES);
    out.putLong(Double.doubleToRawLongBits(value));
  }

  private static ValueWriter date(ColumnType type) {
    boolean zeroAsNull = type.zeroAsNull();
    return (out, bytes, offset, length) -> {
      long day = WireTemporals.parseEpochDay(bytes, offset, length);
      if (day == WireTemporals.NOT_A_DATE) {
        writeNoDate(out, zeroAsNull);
        return;
      }
      out.putInt(Integer.BYTES);
      out.putInt((int) day - EPOCH_DAYS);
    };
  }

  /** The server would round what has more digits than the column. */
  private static ValueWriter moment(ColumnType type) {
    boolean zeroAsNull = type.zeroAsNull();
    int scale = Math.min(type.scale(), MICROSECOND_DIGITS);
    long unit = 1;
    for (int digits = scale; digits < MICROSECOND_DIGITS; digits++) {
      unit *= 10;
    }
    long step = unit;
    return (out, bytes, offset, length) -> {
      long micros = WireTemporals.parseEpochMicros(bytes, offset, length);
      if (micros == WireTemporals.NOT_A_DATE) {
        writeNoDate(out, zeroAsNull);
        return;
      }
      if (micros % step != 0) {
        throw new UnfitValueException("has more than " + scale + " digits of a second's fraction");
      }
      out.putInt(Long.BYTES);
      out.putLong(micros - EPOCH_MICROS);
    };
  }

  private static void writeNoDate(CopyStream out, boolean asNull) throws SQLException {
    if (!asNull) {
      throw new UnfitValueException(
          "is in no calendar; choose --zero-dates=null or --zero-dates=text");
    }
    out.putInt(ValueWriter.NULL);
  }

  /** An interval of microseconds, without days and months. */
  private static void writeElapsed(CopyStream out, byte[] bytes, int offset, int length)
      throws SQLException {
    long micros = WireTemporals.parseTimeMicros(bytes, offset, length);
    out.putInt(Long.BYTES + 2 * Integer.BYTES);
    out.putLong(micros);
    out.putLong(0);
  }

  /** The server checks that text is UTF-8 without NUL, and that JSON is JSON. */
  private static void writeBytes(CopyStream out, byte[] bytes, int offset, int length)
      throws SQLException {
    out.putInt(length);
    out.putBytes(bytes, offset, length);
  }

  /** The server would cut blanks that are too many. */
  private static ValueWriter text(long most) {
    return (out, bytes, offset, length) -> {
      if (length > most && characters(bytes, offset, length) > most) {
        throw new UnfitValueException("is longer than " + most + " characters");
      }
      writeBytes(out, bytes, offset, length);
    };
  }

  private static int characters(byte[] bytes, int offset, int length) {
    int count = 0;
    for (int i = offset; i < offset + length; i++) {
      // Bytes that go on with a character don't begin one.
      if ((bytes[i] & 0xc0) != 0x80) {
        count++;
      }
    }
    return count;
  }
}
