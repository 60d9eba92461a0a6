package io.vitessbeam.write.adapt;

import io.vitessbeam.schema.ColumnType;
import io.vitessbeam.schema.IntegerRange;
import io.vitessbeam.write.load.UnfitValueException;
import java.math.BigInteger;
import java.util.Optional;

/** How values of one type become values of another one. */
final class Conversions {

  private Conversions() {}

  /**
   * The conversion between two types, which may be the same: it is a check then. Nothing if a value
   * of the one is none of the other, whatever it is.
   */
  static Optional<Conversion> between(ColumnType from, ColumnType to) {
    return Optional.ofNullable(
        switch (to.base()) {
          case TINYINT, SMALLINT, MEDIUMINT, INT, BIGINT, YEAR, DECIMAL, FLOAT, DOUBLE ->
              NumberConversions.between(from, to);
          case BIT -> from.base() == to.base() ? bits(to) : null;
          case DATE, DATETIME, TIMESTAMP, TIME -> TemporalConversions.between(from, to);
          case CHAR, VARCHAR, TINYTEXT, TEXT, MEDIUMTEXT, LONGTEXT, JSON ->
              TextConversions.toText(from, to);
          case ENUM, SET -> TextConversions.toLabels(from, to);
          case BINARY, VARBINARY, TINYBLOB, BLOB, MEDIUMBLOB, LONGBLOB ->
              TextConversions.toBytes(from, to);
          case GEOMETRY, VECTOR ->
              from.base() == to.base() ? TextConversions.toBytes(from, to) : null;
        });
  }

  private static Conversion bits(ColumnType to) {
    IntegerRange range = IntegerRange.of(to);
    return (bytes, offset, length) -> {
      if (!range.contains(new BigInteger(1, bytes, offset, length))) {
        throw new UnfitValueException("has more bits than " + TypeNames.print(to));
      }
      return null;
    };
  }
}
